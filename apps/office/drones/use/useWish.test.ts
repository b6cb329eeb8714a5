import { expect, it } from "vitest";
import type { Border } from "@shared/client/types";
import { useWish } from "./useWish";

const BORDER: Border = { area_code: "990102", name: "示例区", line: [[117, 36], [117, 36.1]], length_m: 11_119 };

it("asks for a stretch of a border, its nearer end pulled by a click", () => {
  const wish = useWish();
  Object.assign(wish.form, { title: " 示例交界 ", aircraft_id: "a", home: [117, 36.05] });
  expect(wish.missing.value).toContain("交界线");
  wish.chooseBorder(BORDER);
  expect([wish.stretch.from_m, wish.stretch.to_m]).toEqual([4060, 7060]);
  wish.pullStretch([117.01, 36.09]);
  expect(wish.stretch.from_m).toBe(4060);
  expect(wish.stretch.to_m).toBeCloseTo(10_008, -1);
  expect(wish.missing.value).toBeNull();
  const asked = wish.asked();
  expect([asked.title, asked.width_m, asked.overlap, asked.source_ids]).toEqual(["示例交界", 300, 0.2, []]);
  expect((asked.wanted as { coordinates: number[][] }).coordinates[0]![1]).toBeCloseTo(36.0365, 3);
  wish.stretch.to_m = 4000;
  expect(wish.missing.value).toContain("终点");
});

it("asks for an area only when it is closed", () => {
  const wish = useWish();
  Object.assign(wish.form, { title: "示例", kind: "area", aircraft_id: "a", home: [117, 36] });
  for (const at of [[117, 36], [117.1, 36], [117.1, 36.1]] as [number, number][]) wish.pen.add(at);
  expect(wish.missing.value).toContain("闭合");
  wish.pen.close();
  expect(wish.missing.value).toBeNull();
  expect(wish.asked()).toMatchObject({ wanted: { type: "Polygon", coordinates: [[[117, 36], [117.1, 36], [117.1, 36.1], [117, 36]]] } });
  expect(wish.asked().width_m).toBeUndefined();
});

it("names every source once", () => {
  const wish = useWish();
  const [one, two] = ["1", "2"].map((id) => ({ id, name: id, lon: 117, lat: 36 }));
  wish.toggle(one!);
  wish.addAll([one!, two!]);
  expect(wish.sources.value.map((source) => source.id)).toEqual(["1", "2"]);
  wish.toggle(one!);
  Object.assign(wish.form, { title: "示例", kind: "places", aircraft_id: "a", home: [117, 36] });
  expect(wish.asked()).toMatchObject({ kind: "places", source_ids: ["2"] });
  expect(wish.asked().wanted).toBeUndefined();
});
