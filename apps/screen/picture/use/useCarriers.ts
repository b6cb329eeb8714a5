import { computed, shallowRef, watch, type Ref } from "vue";
import { carriers as calls } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Carrier } from "@shared/client/types";
import type { Carriers } from "@shared/feed/carriers";

const ASK_AGAIN_MS = 30_000;

/** What the vehicles, boats and aircraft on the map are called. One that nobody knows yet is asked for, but not at every frame. */
export function useCarriers(places: Ref<Carriers>) {
  const known = shallowRef(new Map<string, Carrier>());
  let askedAt = -Infinity;

  watch(places, async (now) => {
    if (Object.keys(now).every((id) => known.value.has(id)) || Date.now() - askedAt < ASK_AGAIN_MS) return;
    askedAt = Date.now();
    try {
      known.value = new Map((await calls.list()).map((one) => [one.id, one]));
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason; // they stand there by their kind until the next frame asks again
    }
  });
  return {
    names: computed(() => new Map([...known.value].map(([id, one]) => [id, one.title]))),
    find: (id: string): Carrier | undefined => known.value.get(id),
  };
}
