import type { FeatureCollection } from "geojson";
import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from "vue";
import { jurisdictions, sources } from "@shared/client/calls";
import type { Area } from "@shared/client/types";
import { countersOf, type Counters } from "@shared/feed/counters";
import { useFeedWithWhereabouts } from "@shared/feed/useFeed";
import { carrierFeatures, pictureFeatures, sourceFeatures, type PointCollection } from "@shared/map/features";
import { beijingDay, useNow } from "@shared/ui/time";
import { useSession } from "@shared/client/useSession";
import { groundFeatures } from "@shared/map/ground";
import { cityOf, markOwn } from "@shared/map/outlines";
import { useCarriers } from "./useCarriers";
import { districtRows } from "./districts";

const RETRY_MS = 5000;

/** Everything the board shows: the live picture, what follows from it, and the ground it stands on. */
export function useBoard() {
  const { picture, connection, heardAt, whereabouts, carriers } = useFeedWithWhereabouts();
  const now = useNow(1000);
  const today = computed(() => beijingDay(now.value));
  const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);

  const { actor } = useSession();
  const under = cityOf(actor.value?.agency.area_code ?? "");
  const areas = shallowRef<Area[]>([]);
  const outlines = shallowRef<FeatureCollection | null>(null);
  const sourcePoints = shallowRef<PointCollection | null>(null);
  keepAsking(async () => (areas.value = await jurisdictions.areas(under)));
  keepAsking(async () => (outlines.value = await jurisdictions.outlines(under)));
  keepAsking(async () => (sourcePoints.value = sourceFeatures(await sources.points())));

  /** The districts whose force this viewer commands; they are shown first and brightest. Read once: a map that jumps is no help. */
  const commanded = shallowRef<string[] | null>(null);
  watch(picture, (known) => {
    if (known && !commanded.value) commanded.value = [...new Set(Object.values(known.officers).map((officer) => officer.area_code))];
  });
  const ownOutlines = computed(() => (outlines.value && commanded.value ? markOwn(outlines.value, commanded.value) : null));

  const counters = computed<Counters | null>(() => (picture.value ? countersOf(picture.value, today.value) : null));
  const districts = computed(() => (picture.value ? districtRows(picture.value, areas.value) : null));
  const waitingClues = computed(() =>
    picture.value
      ? Object.values(picture.value.clues).filter((clue) => clue.state === "received").sort((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at))
      : null,
  );
  const known = useCarriers(carriers);
  const points = computed(() => ({
    carriers: carrierFeatures(carriers.value, known.names.value, minute.value),
    ...(picture.value ? pictureFeatures(picture.value, today.value, minute.value) : {}),
    ...(sourcePoints.value ? { sources: sourcePoints.value } : {}),
  }));
  const grounds = computed(() => groundFeatures(carriers.value, now.value));
  const areaName = (code: string): string => areas.value.find((area) => area.area_code === code.slice(0, 6))?.name ?? code;

  return { picture, connection, heardAt, whereabouts, carriers, carrierOf: known.find, now, today, outlines: ownOutlines, counters, districts, waitingClues, points, grounds, areaName };
}

export type Board = ReturnType<typeof useBoard>;

/** Runs until it has succeeded once, for as long as the component lives. */
function keepAsking(task: () => Promise<unknown>): void {
  let isGone = false;
  const attempt = (): void => {
    if (!isGone) task().catch(() => setTimeout(attempt, RETRY_MS));
  };
  onMounted(attempt);
  onBeforeUnmount(() => (isGone = true));
}
