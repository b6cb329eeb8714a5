import type { SourcePoints } from "@shared/client/types";
import type { ChosenSource } from "./useWish";

export interface Box { west: number; south: number; east: number; north: number }

export const pointsIn = ({ west, south, east, north }: Box) => ({ lon, lat }: ChosenSource): boolean => lon >= west && lon <= east && lat >= south && lat <= north;

/** Of the table of source points those that are wanted and have a place; columns are found by name. */
export function sourcesIn(table: SourcePoints, isWanted: (source: ChosenSource) => boolean): ChosenSource[] {
  const [id, name, lon, lat] = ["id", "name", "lon", "lat"].map((field) => table.fields.indexOf(field)) as [number, number, number, number];
  return table.rows
    .filter((row) => row[lon] !== null && row[lat] !== null)
    .map((row) => ({ id: String(row[id]), name: String(row[name]), lon: Number(row[lon]), lat: Number(row[lat]) }))
    .filter(isWanted);
}
