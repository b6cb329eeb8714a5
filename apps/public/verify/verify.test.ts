/**
 * Both implementations give one answer. The vectors are made from a whole visit by tests/oversight/records; each is the
 * record with some bytes replaced, and the report that the server's implementation gives, word for word.
 * LIANDONG_RECORD_VECTORS names another folder of the same form.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReportBody } from "./findings";
import { beijingDay, micros, same } from "./instants";
import { NotPlain, readJson, utf8 } from "./plainJson";
import { outOfOrder } from "./entries";
import { verify } from "./verify";
import { crc32 } from "./zipForm";

interface Vector {
  what: string;
  /** `[offset, how many bytes go, base64 of those that come]`, from the first to the last, offsets in the record. */
  splices: [number, number, string][];
  key: string | null;
  report: ReportBody;
}

const folder = process.env.LIANDONG_RECORD_VECTORS || join(process.cwd(), "../tests/oversight/records/vectors");
const record = new Uint8Array(readFileSync(join(folder, "record.zip")));
const vectors = JSON.parse(readFileSync(join(folder, "vectors.json"), "utf-8")) as Vector[];

function altered(splices: Vector["splices"]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const [offset, gone, come] of splices) {
    pieces.push(record.subarray(at, offset), new Uint8Array(Buffer.from(come, "base64")));
    at = offset + gone;
  }
  return new Uint8Array(Buffer.concat([...pieces, record.subarray(at)]));
}

describe("the report is the server's", () => {
  it("has vectors that hold and vectors that do not", () => {
    expect(vectors.filter((one) => one.report.ok).length).toBeGreaterThan(0);
    expect(vectors.filter((one) => !one.report.ok).length).toBeGreaterThan(20);
  });

  it.each(vectors.map((one) => [one.what, one] as const))("%s", (_what, { splices, key, report }) => {
    expect(verify(altered(splices), key).body()).toEqual(report);
  });
});

describe("JSON from somebody else's hands", () => {
  const unread = ['{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', "1.0", "-0", "NaN", "1e999", '"\\ud800"', "\ufeff1", "01", "",
    "[".repeat(70) + "]".repeat(70), "9".repeat(5000)];
  it.each(unread)("%j is not in its one form", (text) => {
    expect(() => readJson(utf8(text))).toThrow(NotPlain);
  });
  it.each(["1", '{"a":1,"b":[true,null,"示"]}', "100000000000000000000", "0.5", "[[]]", "9007199254740991"])("%s is", (text) => {
    readJson(utf8(text));
  });
});

describe("instants", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", true],
    ["2026-01-01T00:00:00.1234567Z", "2026-01-01 00:00:00.123456+0000", true],
    ["2026-01-01T00:00Z", "2026-01-01T00:00:00.000001Z", false],
    ["2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z", true],
    ["2026-01-01T00:00:00", "2026-01-01T00:00:00Z", false],
    [null, null, true],
    [1, "1", false],
  ])("%j and %j", (one, other, isSame) => {
    expect(same(one, other)).toBe(isSame);
  });
  it("has Beijing days", () => {
    expect(beijingDay("2026-01-01T15:59:59.999999Z")).toBe("2026-01-01");
    expect(beijingDay("2026-01-01T16:00:00Z")).toBe("2026-01-02");
    expect(micros("1970-01-01T00:00:01Z")).toBe(1_000_000n);
    expect(beijingDay("示例")).toBeNull();
  });
});

it("knows the CRC-32 of its check value", () => {
  expect(crc32(utf8("123456789"))).toBe(0xcbf43926);
});

it("names the fewest that moved", () => {
  expect(outOfOrder([0, 1, 2])).toEqual([]);
  expect(outOfOrder([0, 3, 1, 2])).toEqual([1]);
});
