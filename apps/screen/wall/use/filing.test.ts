import { afterEach, expect, it, vi } from "vitest";
import { streams } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Filed, Stream } from "@shared/client/types";
import { ASK_AGAIN_MS, ASK_UNTIL_MS, clipWords, fileLastSeconds, refusalWords } from "./filing";
import { recordingOf } from "./words";

const STREAM = { id: "s1", state: "live", is_recorded: true, recorded_until: null, recording_fault_zh: null } as Stream;
const FILED: Filed = { evidence_id: "e1", sha256: "0123456789abcdef", size: 9, began_at: "2026-03-01T01:00:00Z", ended_at: "2026-03-01T01:00:32Z", is_after_break: false };
const problem = (code: string) => new ApiProblem(409, code, "说明", "words");
const UNTIL = new Date("2026-03-01T01:00:30Z");

afterEach(() => vi.restoreAllMocks());

it("asks for the thirty seconds before the picture that is seen", async () => {
  const asked = vi.spyOn(streams, "fileClip").mockResolvedValue(FILED);
  await fileLastSeconds(STREAM, UNTIL, () => Promise.resolve());
  expect(asked).toHaveBeenCalledWith("s1", { from: "2026-03-01T01:00:00.000Z", to: "2026-03-01T01:00:30.000Z", after_break: true });
});
it("waits while the newest seconds are being recorded", async () => {
  const asked = vi.spyOn(streams, "fileClip").mockRejectedValueOnce(problem("video.clip_not_yet")).mockRejectedValueOnce(problem("video.clip_not_yet")).mockResolvedValue(FILED);
  const waits: number[] = [];
  expect(await fileLastSeconds(STREAM, UNTIL, (ms) => Promise.resolve(void waits.push(ms)))).toBe(FILED);
  expect(waits).toEqual([ASK_AGAIN_MS, ASK_AGAIN_MS]);
  expect(asked).toHaveBeenCalledTimes(3);
});
it("does not wait for ever, and not for another reason", async () => {
  const asked = vi.spyOn(streams, "fileClip").mockRejectedValue(problem("video.clip_not_yet"));
  await expect(fileLastSeconds(STREAM, UNTIL, () => Promise.resolve())).rejects.toMatchObject({ code: "video.clip_not_yet" });
  expect(asked).toHaveBeenCalledTimes(1 + ASK_UNTIL_MS / ASK_AGAIN_MS);
  asked.mockReset().mockRejectedValue(problem("video.nothing_recorded"));
  await expect(fileLastSeconds(STREAM, UNTIL, () => Promise.resolve())).rejects.toMatchObject({ code: "video.nothing_recorded" });
  expect(asked).toHaveBeenCalledTimes(1);
});
it("says what the clip covers, and when it is only a part", () => {
  expect(clipWords(FILED)).toBe("视频片段 09:00:00–09:00:32 已固定为证据 01234567");
  expect(clipWords({ ...FILED, is_after_break: true })).toContain("画面中断过，只含恢复之后");
});
it("says a refusal in its own words, and that nobody answered", () => {
  expect(refusalWords(problem("video.nothing_recorded"))).toBe("说明");
  expect(refusalWords(new TypeError("x"))).toContain("网络不通");
});

it("says whether a stream is recorded, and nothing before that is known", () => {
  expect(recordingOf(STREAM, null)).toBeNull();
  expect(recordingOf({ ...STREAM, state: "offline", recorded_until: "2026-03-01T01:00:00Z" }, null)).toBeNull();
  expect(recordingOf({ ...STREAM, recorded_until: "2026-03-01T01:00:00Z" }, null)).toEqual({ words: "录制中", why: null, isOn: true });
  expect(recordingOf({ ...STREAM, is_recorded: false }, null)).toEqual({ words: "未录制", why: null, isOn: false });
  expect(recordingOf({ ...STREAM, recording_fault_zh: "磁盘满" }, null)).toEqual({ words: "录制中断", why: "磁盘满", isOn: false });
});
