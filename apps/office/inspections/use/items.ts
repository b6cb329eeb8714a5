/** What an item of a checklist asks, by its list and key. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { law } from "@shared/client/calls";
import { w } from "@shared/terms";

export function useItemTexts() {
  const { data: checklists } = useQuery({ queryKey: ["checklists"], queryFn: () => law.checklists(), staleTime: Infinity });
  const items = computed(() => (checklists.value ?? []).flatMap((list) => list.items.map((item) => [list.key, item.key, item.text] as const)));
  const texts = computed(() => new Map(items.value.map(([list, key, text]) => [`${list}/${key}`, text])));
  const byKey = computed(() => new Map(items.value.map(([, key, text]) => [key, text])));
  return {
    textOf: (answer: { element: string; item_key: string }): string => texts.value.get(`${answer.element}/${answer.item_key}`) ?? answer.item_key,
    /** What a comment is about: an item, or all of the record. */
    partOf: (about: string | null): string => (about === null ? w("整份记录", "The whole record") : (byKey.value.get(about) ?? about)),
  };
}
