import { expect, it } from "vitest";
import { pictureFrom, type OfficerItem } from "../feed/picture";
import { carrierFeatures, countByIcon, pictureFeatures, sourceFeatures } from "./features";

const NOW = Date.parse("2026-03-10T02:00:00Z");
const officer = (id: string, position_at: string | null, lon: number | null = 117): OfficerItem => ({
  id, position_at, lon, lat: 36.6, name: id, agency_name: "", area_code: "370103", is_on_duty: true, task_id: null,
});

it("shows an old fix as such, and leaves out who was never placed", () => {
  const picture = pictureFrom({
    seq: 1, as_of: "2026-03-10T02:00:00Z", tasks: {}, problems: {}, clues: {}, ticker: [],
    officers: {
      fresh: officer("fresh", "2026-03-10T01:55:00Z"),
      old: officer("old", "2026-03-10T01:49:00Z"),
      nowhere: officer("nowhere", null, null),
      off: { ...officer("off", "2026-03-10T01:59:00Z"), is_on_duty: false },
    },
  });
  const icons = pictureFeatures(picture, "2026-03-10", NOW).officers.features.map((f) => [f.properties.id, f.properties.icon]);
  expect(icons).toEqual([["fresh", "officer"], ["old", "officer-stale"]]);
});

it("finds the columns of source points by name", () => {
  const { features } = sourceFeatures({
    fields: ["lat", "id", "lon", "supervision_class", "name"],
    rows: [[36.6, "a", 117, "key", "示例一厂"], [null, "b", null, "general", "示例二厂"]],
  });
  expect(features).toHaveLength(1);
  expect(features[0]).toMatchObject({ geometry: { coordinates: [117, 36.6] }, properties: { id: "a", label: "示例一厂", icon: "source-key" } });
});

it("names what flies with its height, turns it where it heads, and fades what was not heard of for long", () => {
  const place = (id: string, kind: "aircraft" | "vehicle", at: number) => ({ id, kind, at, lon: 117, lat: 36, accuracy_m: null, altitude_m: 121.6, course_deg: 270, speed_mps: null, ground: null });
  const carriers = carrierFeatures({ d: place("d", "aircraft", NOW), v: place("v", "vehicle", NOW - 11 * 60_000) }, new Map([["d", "示例无人机"]]), NOW);
  expect(carriers.features.map(({ properties }) => properties)).toEqual([
    { id: "d", room: "carriers", label: "示例无人机 122 m", icon: "aircraft", course: 270 },
    { id: "v", room: "carriers", label: "执法车辆", icon: "vehicle-stale", course: 0 },
  ]);
  expect(countByIcon({ carriers })).toEqual({ aircraft: 1, vehicle: 1 });
});
