/**
 * While a visit is open on this phone the map at the desk follows, and the way walked is kept for its record. Without a network it
 * waits in the store. When the visit is handed in, taking ends at once.
 */
import { onScopeDispose, watch } from "vue";
import { officers } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import { accountId } from "../../common/account";
import { distance_m, fix, type Fix } from "../../common/fix";
import { store } from "../../common/live";
import { isOffline } from "../../common/net";
import { keepFix, sendFixes, type SendFixes } from "../../outbox/fixes";

const EVERY_MS = 30_000;
const STILL_EVERY_MS = 300_000;
const MOVED_M = 30;

/** Followed for as long as the calling page is open and `isRunning` says so. */
export function useTrack(task_id: () => string, isRunning: () => boolean): void {
  let kept: Fix | null = null;
  let isSending = false;
  async function send(): Promise<void> {
    if (isSending || isOffline.value || accountId.value === "") return;
    isSending = true;
    try {
      await sendFixes(store, accountId.value, task_id(), post(isRunning()));
    } finally {
      isSending = false;
    }
  }
  const stopTaking = watch(fix, (now) => {
    if (now === null || accountId.value === "" || !isRunning() || !isWorthSending(kept, now)) return;
    kept = now;
    const { lon, lat, accuracy_m, at } = now;
    void keepFix(store, { account_id: accountId.value, task_id: task_id(), lon, lat, accuracy_m, at }).then(send);
  });
  const stopSending = watch(isOffline, () => void send(), { immediate: true });
  onScopeDispose(() => (stopTaking(), stopSending()));
}

const post = (isRunning: boolean): SendFixes => async (task_id, fixes) => {
  try {
    await officers.sendPositions({ task_id, fixes });
    return "taken";
  } catch (reason) {
    return reason instanceof ApiProblem ? whatNow(reason.status, isRunning) : "later";
  }
};

/** 409: the acceptance may still be in the outbox, or the task is over. Not ours, unseen or unreadable: it will never be taken. */
export function whatNow(status: number, isRunning: boolean): "later" | "never" {
  if (status === 409) return isRunning ? "later" : "never";
  return [403, 404, 422].includes(status) ? "never" : "later";
}

export function isWorthSending(sent: Fix | null, now: Fix): boolean {
  if (sent === null) return true;
  const passed_ms = now.at - sent.at;
  return passed_ms >= STILL_EVERY_MS || (passed_ms >= EVERY_MS && distance_m(sent, now) >= MOVED_M + Math.min(now.accuracy_m, MOVED_M));
}
