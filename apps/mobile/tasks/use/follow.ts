/** New orders and urgings reach the officer while the app is open, without anybody pulling at a list. */
import { showNotify } from "vant";
import { ApiProblem } from "@shared/client/problem";
import { accountId, isSignedOut } from "../../common/account";
import { heardServer, missedServer } from "../../common/net";
import { fetchTasks } from "./tasks";
import type { News } from "./orders";

const ASK_MS = 20_000;
const SHOWN_MS = 8_000;
const BUZZ = [400, 150, 400];

/** From now on the server is asked every twenty seconds while the app is looked at. */
export function followOrders(go: (path: string) => void): void {
  const ask = (): void => void askOnce(go);
  setInterval(ask, ASK_MS);
  document.addEventListener("visibilitychange", ask);
}

async function askOnce(go: (path: string) => void): Promise<void> {
  if (document.visibilityState !== "visible" || accountId.value === "" || isSignedOut.value || !navigator.onLine) return;
  try {
    tell(await fetchTasks(accountId.value), go);
    heardServer();
  } catch (reason) {
    if (!(reason instanceof ApiProblem)) throw reason;
    if (reason.status === 0) missedServer();
  }
}

/** The newest is shown, and felt: a phone in a pocket in the rain is not looked at. A tap opens the order. */
export function tell(news: News[], go: (path: string) => void): void {
  const latest = news.at(-1);
  if (!latest) return;
  navigator.vibrate?.(BUZZ);
  showNotify({ type: "warning", message: latest.words, duration: SHOWN_MS, onClick: () => go(`/task/${latest.task.id}`) });
}
