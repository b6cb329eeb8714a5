/** What a page does when an officer has done something: into the outbox, then on its way. */
import { w } from "@shared/terms";
import { keepDeed, type NewDeed } from "../outbox/keep";
import type { DeedRow } from "../outbox/shapes";
import { accountId } from "./account";
import { placeNow } from "./fix";
import { store } from "./live";
import { attempt } from "./say";
import { sendSoon } from "./sending";

export type Done = Omit<NewDeed, "account_id" | "place">;

/** The deed, once it is safe on this phone; undefined if it could not be kept, which was said. */
export async function keep(done: Done): Promise<DeedRow | undefined> {
  const row = await attempt(
    () => keepDeed(store, { ...done, account_id: accountId.value, place: placeNow() }),
    w("未能保存到本机，请重试", "This could not be kept on the phone"),
  );
  if (row) sendSoon();
  return row;
}
