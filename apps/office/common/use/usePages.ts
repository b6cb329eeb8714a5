import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from "vue";
import type { Page } from "@shared/client/types";

export const PAGE_SIZE = 15;

/** One page of a list that the server pages by cursor; a changed filter begins at the first page. */
export function usePages<T, Q extends object>(room: string, call: (query: Q) => Promise<Page<T>>, filters: MaybeRefOrGetter<object>) {
  const cursors = ref<(string | null)[]>([null]);
  const cursor = computed(() => cursors.value.at(-1) ?? null);
  watch(() => JSON.stringify(toValue(filters)), () => (cursors.value = [null]));

  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [room, "list", computed(() => ({ ...toValue(filters) })), cursor],
    queryFn: () => call({ ...toValue(filters), limit: PAGE_SIZE, cursor: cursor.value } as unknown as Q),
    placeholderData: keepPreviousData,
  });
  const from = computed(() => (cursors.value.length - 1) * PAGE_SIZE);
  return {
    items: computed(() => data.value?.items ?? []),
    total: computed(() => data.value?.total ?? null),
    from,
    error,
    isFetching,
    refetch,
    hasNext: computed(() => (data.value?.next_cursor ?? null) !== null),
    hasPrevious: computed(() => cursors.value.length > 1),
    next: () => { if (data.value?.next_cursor) cursors.value = [...cursors.value, data.value.next_cursor]; },
    previous: () => { if (cursors.value.length > 1) cursors.value = cursors.value.slice(0, -1); },
  };
}
