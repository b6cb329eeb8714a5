/** One recording by the browser's own recorder: begun by hand, ended by hand or at the limit, looked at before it is kept. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";

export type RecorderState = "idle" | "asking" | "recording" | "made" | "refused";

export interface Recorder {
  state: Ref<RecorderState>;
  stream: ShallowRef<MediaStream | null>;
  seconds: Ref<number>;
  /** 0 to 1: how loud it is now. */
  level: Ref<number>;
  blob: ShallowRef<Blob | null>;
  taken_at: Ref<string>;
  address: ComputedRef<string>;
  begin: () => Promise<void>;
  end: () => void;
  again: () => void;
}

const TICK_MS = 100;

export function useRecorder(wanted: MediaStreamConstraints, type: () => string | undefined, most_s: () => number): Recorder {
  const state = ref<RecorderState>("idle");
  const stream = shallowRef<MediaStream | null>(null);
  const seconds = ref(0);
  const level = ref(0);
  const blob = shallowRef<Blob | null>(null);
  const taken_at = ref("");
  const address = computed(() => (blob.value ? URL.createObjectURL(blob.value) : ""));
  let recorder: MediaRecorder | undefined;
  let stopHearing = (): void => undefined;
  let ticking = 0;
  let begun = 0;

  async function begin(): Promise<void> {
    state.value = "asking";
    try {
      stream.value = await navigator.mediaDevices.getUserMedia(wanted);
    } catch (reason) {
      console.warn(reason);
      state.value = "refused";
      return;
    }
    const pieces: Blob[] = [];
    recorder = new MediaRecorder(stream.value, { mimeType: type() });
    recorder.ondataavailable = (event) => void pieces.push(event.data);
    recorder.onstop = () => {
      blob.value = new Blob(pieces, { type: recorder!.mimeType });
      state.value = "made";
      release();
    };
    recorder.start();
    begun = performance.now();
    taken_at.value = new Date().toISOString();
    state.value = "recording";
    stopHearing = hear(stream.value, level);
    ticking = window.setInterval(tick, TICK_MS);
  }

  function tick(): void {
    seconds.value = (performance.now() - begun) / 1000;
    if (seconds.value >= most_s()) end();
  }

  function end(): void {
    clearInterval(ticking);
    if (recorder?.state === "recording") recorder.stop();
  }

  function release(): void {
    stopHearing();
    stopHearing = () => undefined;
    level.value = 0;
    stream.value?.getTracks().forEach((track) => track.stop());
    stream.value = null;
  }

  function again(): void {
    URL.revokeObjectURL(address.value);
    blob.value = null;
    seconds.value = 0;
    state.value = "idle";
  }

  onScopeDispose(() => {
    end();
    release();
    URL.revokeObjectURL(address.value);
  });
  return { state, stream, seconds, level, blob, taken_at, address, begin, end, again };
}

/** How loud it is, followed until the returned function is called. */
function hear(stream: MediaStream, level: Ref<number>): () => void {
  if (stream.getAudioTracks().length === 0) return () => undefined;
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 512;
  context.createMediaStreamSource(stream).connect(ear);
  const heard = new Uint8Array(ear.fftSize);
  const timer = window.setInterval(() => {
    ear.getByteTimeDomainData(heard);
    level.value = loudness(heard);
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** 0 for silence, 1 for as loud as can be: the root mean square of samples around 128, on a scale that shows a quiet voice too. */
export function loudness(samples: Uint8Array): number {
  const sum = samples.reduce((total, sample) => total + ((sample - 128) / 128) ** 2, 0);
  return Math.min(1, Math.sqrt(Math.sqrt(sum / samples.length)));
}
