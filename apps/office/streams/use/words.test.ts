import { describe, expect, it } from "vitest";
import type { Finding } from "@shared/client/types";
import { CODES, said } from "./words";

const finding = (code: string, more: Partial<Finding> = {}): Finding =>
  ({ leg: code.split(".")[0] as Finding["leg"], level: "bad", code, figures: {}, fault_zh: null, fault_en: null, ...more });

describe("said", () => {
  it.each(CODES)("has words for %s, with nothing left out", (code) => {
    const { what, advice } = said(finding(code, { figures: { quiet_s: 4, viewers: 2, behind: 1, dropping: 1, asked_s: 30, behind_s: 5 } }));
    expect(what).toMatch(/[一-鿿]/);
    expect(`${what}${advice}`).not.toMatch(/undefined|null|NaN/);
  });
  it("says why a sender was turned away", () => {
    expect(said(finding("sender.refused", { fault_zh: "设备正在推送 H.265" })).what).toContain("H.265");
  });
  it("gives the figures of who sends", () => {
    const figures = { protocol: "rtmp", codec: "avc1.42c01e", width: 1280, height: 720, kbps: 1800, fps: 25, since_s: 300, quiet_s: 0 };
    expect(said(finding("sender.good", { figures })).figures).toBe("RTMP · H.264（avc1.42c01e） · 1280×720 · 1800 kbit/s · 25 帧/秒 · 已推送 5 分钟");
  });
});
