/** This phone's clock against the server's, as it was when the server last answered. A wrong clock is shown; it stops nothing. */
import type { ShallowRef } from "vue";
import { w } from "@shared/terms";
import { store, useLive } from "../common/live";

/** Below this, the way to the server alone may make the difference. */
const SAME_MS = 500;
/** From here on a record's time and the server's look like a contradiction to whoever reads them. */
export const WRONG_MS = 2 * 60_000;

/** How far the phone is ahead, in ms; null until a server was heard. */
export const useDrift = (): ShallowRef<number | null> => useLive(() => "drift_ms", (name) => store.setting<number>(name), null as number | null);

export const isWrong = (drift_ms: number | null): boolean => drift_ms !== null && Math.abs(drift_ms) >= WRONG_MS;

/** `比服务器快 3 小时 5 分`. */
export function driftText(drift_ms: number): string {
  if (Math.abs(drift_ms) < SAME_MS) return w("与服务器一致", "as the server's");
  const span = spanText(Math.abs(drift_ms) / 1000);
  return drift_ms > 0 ? w(`比服务器快 ${span}`, `${span} ahead`) : w(`比服务器慢 ${span}`, `${span} behind`);
}

function spanText(seconds: number): string {
  if (seconds < 60) return w(`${seconds.toFixed(1)} 秒`, `${seconds.toFixed(1)} s`);
  const minutes = Math.round(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return w(`${days} 天 ${hours} 小时`, `${days} d ${hours} h`);
  return hours > 0 ? w(`${hours} 小时 ${rest} 分`, `${hours} h ${rest} min`) : w(`${rest} 分`, `${rest} min`);
}
