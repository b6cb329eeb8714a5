import { describe, expect, it } from "vitest";
import { layoutOf, toggled, MOST_SMALL } from "./layout";

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

describe("a layout that was kept", () => {
  const all = [{ id: "a", state: "offline" }, { id: "b", state: "live" }, { id: "c", state: "live" }];
  it("shows exactly its streams in its order, whoever is live", () => {
    const { large, small, left } = layoutOf(all, null, ["a", "gone", "c"]);
    expect([large?.id, small.map((one) => one.id), left]).toEqual(["a", ["c"], 1]);
  });
  it("lets a small one be enlarged, and ignores a choice that is not on it", () => {
    expect(layoutOf(all, "c", ["a", "c"]).large?.id).toBe("c");
    expect(layoutOf(all, "b", ["a", "c"]).large?.id).toBe("a");
    expect(layoutOf(all, null, []).large).toBeNull();
  });
  it("holds ten at most", () => {
    const ten = Array.from({ length: 10 }, (_, index) => String(index));
    expect(toggled(ten, "x")).toEqual(ten);
    expect(toggled(ten, "3")).toHaveLength(9);
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  });
});
