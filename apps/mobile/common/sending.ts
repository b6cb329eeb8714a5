/** The one sender of this page, for the officer who is signed in. */
import { shallowRef, watch } from "vue";
import { Sender, type SenderState } from "../outbox/sender";
import { letGoOfFiles, letGoOfVisits } from "../outbox/tidy";
import { httpWire } from "../outbox/wire";
import { accountId, isSignedOut } from "./account";
import { store } from "./live";
import { heardServer, missedServer } from "./net";
import { believesReceipts } from "./receiptKey";

export const sending = shallowRef<SenderState>({ is_sending: false, file: null, last: null, next_at: null });
let sender: Sender | null = null;

/** From now on whatever is unsent is sent whenever it can be. */
export function keepSending(): void {
  watch(accountId, begin, { immediate: true });
  addEventListener("online", () => void sender?.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sender?.kick();
  });
}

function begin(account_id: string): void {
  void sender?.stop();
  sender = account_id === "" ? null : new Sender({ store, wire: httpWire, account_id, now: () => new Date(), believes: believesReceipts }, hear);
  void sender?.kick();
  void letGoOfFiles(store).then(() => letGoOfVisits(store));
}

function hear(state: SenderState): void {
  sending.value = state;
  if (state.last === null) return;
  if (state.last.end === "unreachable") missedServer();
  if (state.last.end === "signed_out") isSignedOut.value = true;
  if (state.last.settled > 0) heardServer();
}

/** Something new is in the outbox. */
export const sendSoon = (): void => void sender?.kick();
/** A person asks: at once, whatever the pause. */
export const sendNow = (): Promise<void> => sender?.wake() ?? Promise.resolve();
