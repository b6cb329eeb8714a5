import type { ShallowRef } from "vue";
import { accountId } from "../common/account";
import { store, useLive } from "../common/live";
import { countOf, type Count } from "../outbox/queue";

/** 本机 · 已签收 · 未签收 of the officer who is signed in, always as it is now. Null until the store was asked: that is not 0. */
export function useCount(): ShallowRef<Count | null> {
  return useLive(accountId, (account_id) => countOf(store, account_id), null as Count | null);
}
