/** 盲区图: what each piece of a border is drawn as, and what is said of it. */
import type { FeatureCollection } from "geojson";
import type { BorderSegment } from "@shared/client/types";
import { t, w } from "@shared/terms";

export type Watched = "nobody" | "one_side" | "both_sides";
/** In the order of concern; told apart by width and dashes as well as by colour. */
export const LOOKS: { watch: Watched; colour: string; width: number; dash: number[] | null }[] = [
  { watch: "nobody", colour: "#ff6b35", width: 9, dash: null },
  { watch: "one_side", colour: "#f0e442", width: 5, dash: [2, 1.2] },
  { watch: "both_sides", colour: "#56b4e9", width: 3, dash: null },
];

export const wordsOf = (watch: string): string => t(`border.watch.${watch}`);
export const keyOf = (piece: BorderSegment): string => piece.sides.map((side) => side.id).join(" ");
export const kmOf = (pieces: BorderSegment[]): number => pieces.reduce((sum, piece) => sum + piece.length_m, 0) / 1000;
export const pairOf = (piece: BorderSegment): string => `${piece.one}-${piece.other}`;

/** The pieces as lines, the chosen one marked. */
export function linesOf(pieces: BorderSegment[], chosen: string | null): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: pieces.map((piece) => ({
      type: "Feature", geometry: piece.line as never, properties: { watch: piece.watch, isChosen: keyOf(piece) === chosen },
    })),
  };
}

/** A count that is not shared is not a nought. */
export const countOf = (value: number | null): string => (value === null ? w("未共享", "not shared") : String(value));

/** When an officer or a camera was last on this side within the window, and whose. */
export function lastWords(side: BorderSegment["sides"][number]): string {
  const walked = side.last_track_on ? w(`${side.last_track_on.slice(5)} 有人员轨迹（${side.watchers.join("、")}，${side.track_days} 天）`, `officers ${side.last_track_on.slice(5)} (${side.watchers.join(", ")}, ${side.track_days} d)`) : null;
  const seen = side.last_seen_on ? w(`${side.last_seen_on.slice(5)} 有航拍画面（${side.seen_days} 天）`, `camera ${side.last_seen_on.slice(5)} (${side.seen_days} d)`) : null;
  return [walked, seen].filter(Boolean).join("；") || w("期内无轨迹、无航拍", "neither officer nor camera");
}
