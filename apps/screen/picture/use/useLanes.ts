import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { drones } from "@shared/client/calls";
import type { Mission } from "@shared/client/types";

const AGAIN_MS = 10_000;
/** More missions than this at once are a table's business, not a map's. */
const MOST = 30;

/**
 * The missions that may be flown now; null while nothing is known. They are asked for every ten seconds, because the
 * picture does not hold them. A mission never changes its plan, so each plan is read once.
 */
export function useLanes() {
  const missions = shallowRef<Mission[] | null>(null);
  const isShown = ref(true);
  const known = new Map<string, Mission>();

  async function read(): Promise<void> {
    const { items } = await drones.list({ state: "released", limit: MOST });
    for (const { id } of items) if (!known.has(id)) known.set(id, await drones.read(id));
    missions.value = items.flatMap(({ id }) => known.get(id) ?? []);
  }
  /** What cannot be read now is read the next time; what was shown stays. */
  const renew = (): void => void read().catch(() => undefined);

  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => { renew(); timer = setInterval(renew, AGAIN_MS); });
  onBeforeUnmount(() => clearInterval(timer));

  return { isShown, count: computed(() => missions.value?.length ?? null), flights: computed(() => missions.value?.flatMap((mission) => mission.plan.flights) ?? []) };
}
