import type { Map, RasterTileSource } from "maplibre-gl";
import { computed, ref, shallowRef } from "vue";

/** What an installation offers under our own outlines: nothing, unless it has a key. */
export interface OfferedBase { ground: string[]; names: string[]; attribution: string }

const KEPT_AS = "liandong.base_map";
const offered = shallowRef<OfferedBase | null>(null);
const wanted = ref(globalThis.localStorage?.getItem(KEPT_AS) === "on");
const fault = ref(false);

/** The switch of this browser between the packaged outlines alone and a public map below them. */
export const baseMap = {
  offered,
  isWanted: computed(() => offered.value !== null && wanted.value),
  /** Its pictures did not come: the packaged map stands alone. */
  fault,
  offer(base: OfferedBase | null): void { offered.value = base; },
  toggle(): void {
    if (!offered.value) return;
    wanted.value = !wanted.value;
    fault.value = false;
    globalThis.localStorage?.setItem(KEPT_AS, wanted.value ? "on" : "off");
  },
};

const LAYERS = ["base-ground", "base-names"] as const;

/** Lays the public map under our own drawings; where the outlines were filled they are only lines then. */
export function showBase(map: Map, base: OfferedBase, isDark: boolean): void {
  hideBase(map);
  const tiles = { "base-ground": base.ground, "base-names": base.names };
  for (const name of LAYERS) {
    map.addSource(name, { type: "raster", tiles: tiles[name], tileSize: 256, maxzoom: 18 });
    const paint = isDark ? { "raster-brightness-max": 0.55, "raster-saturation": -0.5, "raster-fade-duration": 0 } : { "raster-fade-duration": 0 };
    map.addLayer({ id: name, type: "raster", source: name, paint }, "areas");
  }
  map.setPaintProperty("areas", "fill-opacity", 0.12);
}

export function hideBase(map: Map): void {
  for (const name of LAYERS) {
    if (map.getLayer(name)) map.removeLayer(name);
    if (map.getSource<RasterTileSource>(name)) map.removeSource(name);
  }
  map.setPaintProperty("areas", "fill-opacity", 1);
}

/** Whether an error of the map is that the public map does not come. */
export const isOfBase = (event: object): boolean => "sourceId" in event && (LAYERS as readonly unknown[]).includes(event.sourceId);
