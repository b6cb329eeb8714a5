import { streams } from "@shared/client/calls";
import { ApiProblem, unreachable } from "@shared/client/problem";
import type { Filed, Stream } from "@shared/client/types";
import { w } from "@shared/terms";
import { clockTime } from "@shared/ui/time";

export const CLIP_S = 30;
/** The newest seconds are on record once their segment is full: that takes a few seconds, or as long as the device takes to its next key frame. */
export const ASK_AGAIN_MS = 1500;
export const ASK_UNTIL_MS = 30_000;
/** How time passes between two askings; tests let it pass at once. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const JPEG_QUALITY = 0.92;

/** What a tile says of a picture or clip that is being filed, or was. `address` opens what was filed. */
export interface Filing { words: string; isBusy: boolean; isBad: boolean; address: string | null }

/** The picture as it is seen now, in its own size. Rejects if the browser cannot make one. */
export async function pictureOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const made = await new Promise<Blob | null>((told) => canvas.toBlob(told, "image/jpeg", JPEG_QUALITY));
  if (!made || canvas.width === 0) throw new ApiProblem(0, "client.no_picture", "此刻没有画面可截取", "There is no picture to take now");
  return made;
}

export function fileSnapshot(stream: Stream, picture: Blob, shownAt: Date): Promise<Filed> {
  const form = new FormData();
  form.set("file", picture, "snapshot.jpg");
  form.set("shown_at", shownAt.toISOString());
  return streams.fileSnapshot(stream.id, form);
}

/**
 * The last seconds before `until` as a clip. While the newest of them are still being recorded the server says so and is asked again; where
 * the picture broke off in between, the clip begins where it came back.
 */
export async function fileLastSeconds(stream: Stream, until: Date, wait: (ms: number) => Promise<void>): Promise<Filed> {
  const body = { from: new Date(until.getTime() - CLIP_S * 1000).toISOString(), to: until.toISOString(), after_break: true };
  for (let waited = 0; ; waited += ASK_AGAIN_MS) {
    try {
      return await streams.fileClip(stream.id, body);
    } catch (reason) {
      const isEarly = reason instanceof ApiProblem && reason.code === "video.clip_not_yet";
      if (!isEarly || waited >= ASK_UNTIL_MS) throw reason;
    }
    await wait(ASK_AGAIN_MS);
  }
}

const number = (filed: Filed): string => filed.sha256.slice(0, 8);

export const snapshotWords = (filed: Filed): string => w(`截图已固定为证据 ${number(filed)}`, `Snapshot sealed as evidence ${number(filed)}`);

export function clipWords(filed: Filed): string {
  const times = `${clockTime(filed.began_at)}–${clockTime(filed.ended_at)}`;
  const cut = filed.is_after_break ? w("（画面中断过，只含恢复之后）", " (the picture broke off: only what came after)") : "";
  return w(`视频片段 ${times}${cut} 已固定为证据 ${number(filed)}`, `Clip ${times}${cut} sealed as evidence ${number(filed)}`);
}

export function refusalWords(reason: unknown): string {
  const problem = reason instanceof ApiProblem ? reason : unreachable();
  return problem.title;
}
