import { expect, it } from "vitest";
import { isWorthSending, whatNow } from "./track";

const at = (lat: number, seconds: number) => ({ lon: 117, lat, accuracy_m: 5, at: seconds * 1000 });

it("says where one is at first, then only after moving, and now and then when still", () => {
  expect(isWorthSending(null, at(36, 0))).toBe(true);
  expect(isWorthSending(at(36, 0), at(36.01, 5))).toBe(false);
  expect(isWorthSending(at(36, 0), at(36.01, 40))).toBe(true);
  expect(isWorthSending(at(36, 0), at(36.0001, 40))).toBe(false);
  expect(isWorthSending(at(36, 0), at(36, 301))).toBe(true);
});

it("keeps what the link or an unsent acceptance holds up, and lets go of what will never be taken", () => {
  for (const status of [0, 401, 502]) expect(whatNow(status, false)).toBe("later");
  expect(whatNow(409, true)).toBe("later");
  for (const status of [403, 404, 409, 422]) expect(whatNow(status, false)).toBe("never");
});
