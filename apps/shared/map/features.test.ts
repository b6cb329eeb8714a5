import { expect, it } from "vitest";
import { pictureFrom, type OfficerItem } from "../feed/picture";
import { pictureFeatures, sourceFeatures } from "./features";

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
