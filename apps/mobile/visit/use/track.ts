/** While a visit is open on this phone and the network is there, the map at the desk follows. It is a help, not a record: nothing is kept or sent later. */
import { onScopeDispose, watch } from "vue";
import { officers } from "@shared/client/calls";
import { distance_m, fix, type Fix } from "../../common/fix";
import { isOffline } from "../../common/net";

const EVERY_MS = 30_000;
const STILL_EVERY_MS = 300_000;
const MOVED_M = 30;

/** Followed for as long as the calling page is open and `isRunning` says so. */
export function useTrack(task_id: () => string, isRunning: () => boolean): void {
  let sent: Fix | null = null;
  const stop = watch(fix, (now) => {
    if (now === null || isOffline.value || !isRunning() || !isWorthSending(sent, now)) return;
    sent = now;
    const { lon, lat, accuracy_m, at } = now;
    void officers.setPosition({ task_id: task_id(), lon, lat, accuracy_m, happened_at: new Date(at).toISOString() }).catch(() => undefined);
  });
  onScopeDispose(stop);
}

export function isWorthSending(sent: Fix | null, now: Fix): boolean {
  if (sent === null) return true;
  const passed_ms = now.at - sent.at;
  return passed_ms >= STILL_EVERY_MS || (passed_ms >= EVERY_MS && distance_m(sent, now) >= MOVED_M + Math.min(now.accuracy_m, MOVED_M));
}
