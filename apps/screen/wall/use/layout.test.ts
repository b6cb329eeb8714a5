import { expect, it } from "vitest";
import { layoutOf, MOST_SMALL } from "./layout";

const many = Array.from({ length: 12 }, (_, index) => ({ id: `s${index}`, state: index % 3 === 0 ? "offline" : "live" }));

it("shows the first live stream large until one is chosen", () => {
  expect(layoutOf(many, null).large?.id).toBe("s1");
  expect(layoutOf(many, "s3").large?.id).toBe("s3");
  expect(layoutOf(many, "closed long ago").large?.id).toBe("s1");
});
it("puts live streams first, and says how many found no place", () => {
  const { small, left } = layoutOf(many, null);
  expect(small.length).toBe(MOST_SMALL);
  expect(small.slice(0, 7).every((stream) => stream.state === "live")).toBe(true);
  expect(left).toBe(2);
});
it("is empty where there is nothing", () => expect(layoutOf([], null)).toEqual({ large: null, small: [], left: 0 }));
