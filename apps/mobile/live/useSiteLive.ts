/** 现场直播: one at a time on this phone, and it goes on while the officer works on in the app, until stopped or the visit ends. */
import { computed, readonly, ref, shallowRef } from "vue";
import { tasks } from "@shared/client/calls";
import { canEncode } from "./encoder";
import { SiteSender, type Sent } from "./sender";

/** Why this phone cannot send: the page is not opened by https, the browser has no encoder, or the camera is not allowed or busy. */
export type Unable = "insecure" | "browser" | "camera" | "no_camera" | "busy";

const task = ref("");
const camera = shallowRef<MediaStream | null>(null);
const sent = shallowRef<Sent | null>(null);
const unable = ref<Unable | null>(null);
let sender: SiteSender | null = null;
let lock: WakeLockSentinel | null = null;
let turn = 0;

const WANTED: MediaStreamConstraints = {
  video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } },
};

async function begin(task_id: string): Promise<void> {
  if (task.value === task_id && sender !== null) return;
  stop();
  task.value = task_id;
  const mine = (turn += 1);
  unable.value = await whyUnable();
  if (mine !== turn || unable.value !== null) return;
  try {
    const found = await navigator.mediaDevices.getUserMedia(WANTED);
    if (mine !== turn) return found.getTracks().forEach((track) => track.stop());
    camera.value = found;
  } catch (reason) {
    if (mine === turn) unable.value = cameraProblem(reason);
    return;
  }
  sender = new SiteSender(camera.value, () => addressOf(task_id), (now) => {
    sent.value = now;
    if (now.state === "ended") release();
  });
  sender.start();
  lock = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
}

async function addressOf(task_id: string): Promise<string> {
  const { addresses } = await tasks.siteTicket(task_id);
  return addresses.find((address) => address.protocol === "ws-picture")?.url ?? "";
}

async function whyUnable(): Promise<Unable | null> {
  if (!isSecureContext) return "insecure";
  return (await canEncode()) && navigator.mediaDevices ? null : "browser";
}

function cameraProblem(reason: unknown): Unable {
  const name = reason instanceof DOMException ? reason.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "no_camera";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "camera";
}

function release(): void {
  camera.value?.getTracks().forEach((track) => track.stop());
  camera.value = null;
  sender = null;
  void lock?.release();
  lock = null;
}

function stop(): void {
  turn += 1;
  sender?.stop();
  release();
  sent.value = null;
  unable.value = null;
  task.value = "";
}

export const siteLive = {
  begin,
  stop,
  task: readonly(task),
  camera,
  sent,
  unable: readonly(unable),
  isOn: computed(() => sent.value !== null && sent.value.state !== "ended"),
};
