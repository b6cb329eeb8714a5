import type { Stream } from "@shared/client/types";
import type { Shown } from "@shared/video/player";
import { language, w } from "@shared/terms";
import { ageText } from "@shared/ui/time";

export interface Note { words: string; isBad: boolean }

/** How a tile says what it shows: how old the picture is, or why there is none and what happens next. */
export function noteOf(stream: Stream, shown: Shown | null, now: number): Note {
  if (stream.state !== "live" && shown?.state !== "playing" && shown?.state !== "stills") return noPicture(stream, now);
  switch (shown?.state) {
    case "playing":
      return shown.protocol === "hls" ? spareWords(shown.ageMs) : { words: ageWords(shown.ageMs), isBad: (shown.ageMs ?? 0) > 3000 };
    case "stills":
      return { words: stillWords(shown.ageMs), isBad: (shown.ageMs ?? 0) > 15_000 };
    case "stalled":
      return { words: w("画面停滞：发送端没有新画面，恢复后自动接上", "Standing still: nothing new from the sender; it goes on by itself"), isBad: true };
    case "gone":
      return { words: w("画面中断，恢复后自动接通", "Interrupted; it returns by itself"), isBad: true };
    case "lost":
      return { words: (shown.problem && problemWords(shown)) ?? w("连接断开，自动重连中…", "Connection lost, trying again…"), isBad: true };
    case "unable":
      return { words: w("此浏览器不能播放，请换用新版浏览器", "This browser cannot play it"), isBad: true };
    default:
      return { words: w("正在接通…", "Connecting…"), isBad: false };
  }
}

function ageWords(ageMs: number | null): string {
  if (ageMs === null) return w("延迟测算中", "measuring delay");
  const seconds = (ageMs / 1000).toFixed(1);
  return w(`延迟 ${seconds} 秒`, `delay ${seconds} s`);
}

/** HLS is some seconds late by its nature: nothing is wrong with that. */
const spareWords = (ageMs: number | null): Note =>
  ({ words: ageMs === null ? w("备用播放，约晚数秒", "spare way, some seconds late") : w(`备用播放，${ageWords(ageMs)}`, `spare way, ${ageWords(ageMs)}`), isBad: false });

function stillWords(ageMs: number | null): string {
  if (ageMs === null) return w("弱网 · 静态画面", "thin link · still");
  const seconds = Math.round(ageMs / 1000);
  return w(`弱网 · 静态画面，${seconds} 秒前`, `thin link · still, ${seconds} s old`);
}

function noPicture(stream: Stream, now: number): Note {
  const fault = language.value === "zh" ? stream.fault_zh : stream.fault_en;
  if (fault) return { words: fault, isBad: true };
  if (!stream.offline_at) return { words: w("尚未推送画面", "Nothing sent yet"), isBad: false };
  return { words: w(`无画面，${ageText(stream.offline_at, now)}中断`, `No picture; ended ${ageText(stream.offline_at, now)}`), isBad: false };
}

const problemWords = (shown: Shown): string | null =>
  shown.problem?.title ?? null;

export interface Recording { words: string; why: string | null; isOn: boolean }

/** Whether what is sent is being kept, and why not; nothing while a stream that is to be recorded has only just begun. */
export function recordingOf(stream: Stream, shown: Shown | null): Recording | null {
  if (stream.state !== "live") return null;
  if (shown?.state === "stills") return { words: w("静态画面不录制", "stills are not recorded"), why: null, isOn: false };
  if (!stream.is_recorded) return { words: w("未录制", "not recorded"), why: null, isOn: false };
  const why = language.value === "zh" ? stream.recording_fault_zh : stream.recording_fault_en;
  if (why) return { words: w("录制中断", "recording broke off"), why, isOn: false };
  return stream.recorded_until ? { words: w("录制中", "recording"), why: null, isOn: true } : null;
}
