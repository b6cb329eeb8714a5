import type { ShallowRef } from "vue";
import { accountId } from "../common/account";
import { store, useLive } from "../common/live";
import { countOf, type Count } from "../outbox/queue";

/** 本机 · 已签收 · 未签收 of the officer who is signed in, always as it is now. */
export function useCount(): ShallowRef<Count> {
  return useLive(accountId, (account_id) => countOf(store, account_id), { total: 0, accepted: 0, unsent: 0, stuck: 0, blocked: 0 });
}
