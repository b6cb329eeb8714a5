import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map } from "maplibre-gl";
import { inject, onBeforeUnmount, shallowRef, toValue, watch, type InjectionKey, type MaybeRefOrGetter, type ShallowRef } from "vue";

/** The map that a drawing in a LiveMap's slot is laid over; null until it is drawn and after it is gone. */
export const LIVE_MAP: InjectionKey<ShallowRef<Map | null>> = Symbol("live map");

export const useLiveMap = (): ShallowRef<Map | null> => inject(LIVE_MAP, () => shallowRef(null), true);

/** A layer of an overlay; its source is the overlay's own. */
type Layer = LayerSpecification extends infer L ? (L extends { source: string } ? Omit<L, "source"> : never) : never;

/** Outlines of the ground lie below every overlay, what officers work on above it. */
const BELOW = "sources";

/**
 * A drawing of one's own, for as long as the calling component lives. `patterns` are images that its fills name;
 * layers are drawn in the order in which they are given.
 */
export function useOverlay(name: string, layers: Layer[], shapes: MaybeRefOrGetter<FeatureCollection>, patterns: Record<string, () => ImageData> = {}): ShallowRef<Map | null> {
  const map = useLiveMap();

  watch(map, (drawn) => {
    if (!drawn) return;
    for (const [pattern, draw] of Object.entries(patterns)) if (!drawn.hasImage(pattern)) drawn.addImage(pattern, draw(), { pixelRatio: 2 });
    drawn.addSource(name, { type: "geojson", data: toValue(shapes) });
    for (const layer of layers) drawn.addLayer({ ...layer, source: name } as LayerSpecification, BELOW);
  }, { immediate: true });
  watch(() => toValue(shapes), (now) => map.value?.getSource<GeoJSONSource>(name)?.setData(now));
  onBeforeUnmount(() => {
    const drawn = map.value;
    if (!drawn) return;
    for (const layer of layers) drawn.removeLayer(layer.id);
    drawn.removeSource(name);
  });
  return map;
}
