import type { Position } from "geojson";
import { computed, ref } from "vue";

/** Longitude and latitude in degrees WGS-84. */
export type Corner = [number, number];

interface Drawn { corners: Corner[]; isClosed: boolean }

export const LEAST_CORNERS = 3;

/** About a decimetre: more digits would only pretend. */
export const rounded = (lon: number, lat: number): Corner => [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];

/**
 * An area under the pen, corner by corner. The mouse and the keyboard change the same corners, and every change can be
 * undone. `drag` moves a corner without remembering, `move` ends it.
 */
export function useCorners() {
  const drawn = ref<Drawn>({ corners: [], isClosed: false });
  const past = ref<Drawn[]>([]);
  let held: Drawn | null = null;

  function change(next: Drawn): void {
    past.value.push(held ?? drawn.value);
    held = null;
    drawn.value = next;
  }
  const { corners: now, isClosed: closed } = { corners: () => drawn.value.corners, isClosed: () => drawn.value.isClosed };
  const moved = (index: number, to: Corner): Corner[] => now().map((corner, place) => (place === index ? to : corner));

  return {
    corners: computed(now),
    isClosed: computed(closed),
    canUndo: computed(() => past.value.length > 0),
    canClose: computed(() => !closed() && now().length >= LEAST_CORNERS),
    add: (at: Corner) => { if (!closed()) change({ corners: [...now(), at], isClosed: false }); },
    insert: (index: number, at: Corner) => change({ corners: now().toSpliced(index, 0, at), isClosed: closed() }),
    drag: (index: number, to: Corner) => {
      held ??= drawn.value;
      drawn.value = { ...drawn.value, corners: moved(index, to) };
    },
    move: (index: number, to: Corner) => change({ corners: moved(index, to), isClosed: closed() }),
    remove: (index: number) => {
      const corners = now().toSpliced(index, 1);
      change({ corners, isClosed: closed() && corners.length >= LEAST_CORNERS });
    },
    close: () => { if (!closed() && now().length >= LEAST_CORNERS) change({ corners: now(), isClosed: true }); },
    replace: (corners: Corner[]) => change({ corners, isClosed: corners.length >= LEAST_CORNERS }),
    undo: () => { drawn.value = past.value.pop() ?? drawn.value; },
  };
}

export type Corners = ReturnType<typeof useCorners>;

/** The area as GeoJSON, its ring closed; null while fewer than three corners are known. */
export function polygonOf(corners: readonly Corner[]): { type: "Polygon"; coordinates: Position[][] } | null {
  return corners.length < LEAST_CORNERS ? null : { type: "Polygon", coordinates: [[...corners, corners[0]!]] };
}

/** The corners as people read and type them: one a line, longitude before latitude. */
export const cornersText = (corners: readonly Corner[]): string => corners.map((corner) => corner.join(", ")).join("\n");

/** What was typed, or the number of the first line that is no place on earth. Commas of both kinds and spaces part the two. */
export function readCorners(text: string): { corners: Corner[] } | { wrongLine: number } {
  const corners: Corner[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = readPlace(line);
    if (!at) return { wrongLine: index + 1 };
    corners.push(at);
  }
  return { corners };
}

/** `117.0, 36.6` as a place; null where that is none. */
export function readPlace(text: string): Corner | null {
  const parts = text.trim().split(/[\s,，、]+/).map(Number);
  const [lon, lat] = parts;
  if (parts.length !== 2 || lon === undefined || lat === undefined || !(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) return null;
  return rounded(lon, lat);
}
