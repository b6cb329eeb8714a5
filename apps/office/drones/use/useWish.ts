import type { Position } from "geojson";
import { computed, reactive, shallowRef } from "vue";
import type { Border, NewMission } from "@shared/client/types";
import { w } from "@shared/terms";
import { polygonOf, useCorners, type Corner } from "./corners";
import { cut, measured, nearestAlong } from "./stretch";

export type MissionKind = NewMission["kind"];
export interface ChosenSource { id: string; name: string; lon: number; lat: number }

const USUAL_STRETCH_M = 3000;

/** What is to be seen and how, while it is being said: on the map, by words, or both. */
export function useWish() {
  const form = reactive({ title: "", kind: "corridor" as MissionKind, home: null as Corner | null, aircraft_id: "", height_m: 100, overlap_percent: 20, width_m: 300 });
  const pen = useCorners();
  const border = shallowRef<Border | null>(null);
  const stretch = reactive({ from_m: 0, to_m: 0 });
  const sources = shallowRef<ChosenSource[]>([]);
  /** The line of a mission that this one is taken from, where its border is not known. */
  const line = shallowRef<Position[] | null>(null);

  const whole = computed(() => (border.value ? measured(border.value.line) : null));
  const corridor = computed(() => (whole.value ? cut(whole.value, stretch.from_m, stretch.to_m) : line.value));

  function chooseBorder(chosen: Border | null): void {
    border.value = chosen;
    line.value = null;
    const middle = (chosen?.length_m ?? 0) / 2;
    stretch.from_m = Math.round(Math.max(0, middle - USUAL_STRETCH_M / 2));
    stretch.to_m = Math.round(Math.min(chosen?.length_m ?? 0, middle + USUAL_STRETCH_M / 2));
  }
  /** The nearer end of the stretch goes to the place of the border that is nearest to `place`. */
  function pullStretch(place: Position): void {
    if (!whole.value) return;
    const at = Math.round(nearestAlong(whole.value, place));
    const isFrom = Math.abs(at - stretch.from_m) <= Math.abs(at - stretch.to_m);
    if (isFrom) stretch.from_m = at;
    else stretch.to_m = at;
  }
  function toggle(source: ChosenSource): void {
    const others = sources.value.filter((one) => one.id !== source.id);
    sources.value = others.length < sources.value.length ? others : [...sources.value, source];
  }
  function addAll(found: ChosenSource[]): void {
    const known = new Set(sources.value.map((one) => one.id));
    sources.value = [...sources.value, ...found.filter((one) => !known.has(one.id))];
  }

  const missing = computed<string | null>(() => {
    if (form.title.trim() === "") return w("请填写名称", "Give it a name");
    if (form.kind === "corridor" && !corridor.value) return w("请选择交界线", "Choose a border");
    if (form.kind === "corridor" && border.value && stretch.to_m - stretch.from_m < 10) return w("交界段的终点须在起点之后", "The stretch must end after it begins");
    if (form.kind === "area" && !pen.isClosed.value) return w("请画出并闭合区域（至少 3 个角点）", "Draw and close an area (three corners at least)");
    if (form.kind === "places" && sources.value.length === 0) return w("请选择污染源", "Choose sources");
    if (!form.home) return w("请在图上选起飞点", "Pick the take-off place");
    return form.aircraft_id === "" ? w("请选择无人机", "Choose an aircraft") : null;
  });

  /** Only where nothing is missing. */
  function asked(): NewMission {
    const { title, kind, home, aircraft_id, height_m } = form;
    const common = { title: title.trim(), kind, home: home!, aircraft_id, height_m, overlap: form.overlap_percent / 100, source_ids: [] };
    if (kind === "places") return { ...common, source_ids: sources.value.map((one) => one.id) };
    if (kind === "area") return { ...common, wanted: { ...polygonOf(pen.corners.value)! } };
    return { ...common, wanted: { type: "LineString", coordinates: corridor.value! }, width_m: form.width_m };
  }
  return { form, pen, border, stretch, line, sources, whole, corridor, missing, asked, chooseBorder, pullStretch, toggle, addAll };
}

export type Wish = ReturnType<typeof useWish>;
