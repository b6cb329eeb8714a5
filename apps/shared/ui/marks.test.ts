import { describe, expect, it } from "vitest";
import { COLOURS, MARKED, markOf } from "./marks";

type Triple = [number, number, number];
/** What eyes without one kind of cone see, in linear light. Machado, Oliveira and Fernandes 2009, severity 1. */
const EYES: Record<string, [Triple, Triple, Triple]> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
/** Lab differences below some 2 are not seen at all; a sign of a centimetre at five metres needs several times as much. */
const LEAST = 10;

const linear = (colour: string): Triple =>
  [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Triple;
const times = (rows: readonly Triple[], [x, y, z]: Triple): Triple => rows.map(([a, b, c]) => a * x + b * y + c * z) as Triple;
const seen = (colour: string, eyes: string): Triple => times(EYES[eyes]!, linear(colour)).map((c) => Math.min(1, Math.max(0, c))) as Triple;
const luminance = (colour: string): number => times([[0.2126, 0.7152, 0.0722], [0, 0, 0], [0, 0, 0]], linear(colour))[0];
const contrast = (one: string, other: string): number => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** CIE L*a*b* under D65. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]], rgb);
  const [fx, fy, fz] = ([x / 0.95047, y, z / 1.08883] as Triple).map((t) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116)) as Triple;
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}
const apart = (one: string, other: string, eyes: string): number => {
  const [a, b] = [lab(seen(one, eyes)), lab(seen(other, eyes))];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
};
const pairs = <T>(all: readonly T[]): [T, T][] => all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as [T, T]));

describe("the simulation", () => {
  it("knows what is famous: red and green are near for who lacks red or green, and far for who does not", () => {
    expect(apart("#c00000", "#5a7d00", "all")).toBeGreaterThan(60);
    expect(apart("#b05a00", "#6b7d00", "deuteranopia")).toBeLessThan(12);
    expect(apart("#ffffff", "#ffffff", "tritanopia")).toBe(0);
    expect(Math.round(contrast("#ffffff", "#000000"))).toBe(21);
  });
});

describe.each(Object.keys(EYES))("to eyes with %s", (eyes) => {
  it.each(Object.keys(MARKED))("the states of %s differ in colour, or share one and differ in sign", (group) => {
    for (const [one, other] of pairs(MARKED[group]!)) {
      const [a, b] = [markOf(group, one), markOf(group, other)];
      expect(a.sign, `${one} ${other}`).not.toBe(b.sign);
      if (a.colour !== b.colour) expect(apart(a.colour, b.colour, eyes), `${one} ${other}`).toBeGreaterThan(LEAST);
    }
  });
  it("every colour of the set differs from every other", () => {
    for (const [one, other] of pairs(Object.values(COLOURS))) expect(apart(one, other, eyes), `${one} ${other}`).toBeGreaterThan(LEAST);
  });
});

describe("on the dark panel", () => {
  const PANEL = "#0b2140";
  it.each(["#e8f2ff", "#9db9d9", "#56b4e9", "#ff8a4c", "#ffd166"])("words in %s can be read", (colour) => expect(contrast(colour, PANEL)).toBeGreaterThan(4.5));
});
