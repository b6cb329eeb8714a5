import { createParser, type EventSourceMessage } from "eventsource-parser";
import { address } from "../client/http";
import type { Fact, Snapshot } from "./picture";

/**
 * connecting: no stream yet · live: the stream speaks · waiting: dropped, will try again by itself ·
 * signed_out: the session has ended, somebody must sign in · stopped: closed on purpose
 */
export type ConnectionState = "connecting" | "live" | "waiting" | "signed_out" | "stopped";

export interface FeedListener {
  snapshot(snapshot: Snapshot): void;
  fact(fact: Fact): void;
  state(state: ConnectionState): void;
  /** Anything came, were it only the server's sign of life. */
  heard(): void;
}

export interface FeedOptions {
  areaCode?: string;
  fetch?: typeof fetch;
  /** Milliseconds before try `n` (from 0) after a drop. */
  delay?: (attempt: number) => number;
  /** Silence after which the stream is taken for dead; the server gives a sign of life every 15 s. */
  silenceLimitMs?: number;
}

const backOff = (attempt: number): number => Math.min(1000 * 2 ** attempt, 15_000) * (0.8 + Math.random() * 0.4);

class SignedOut extends Error {}
/** The server no longer knows how to go on from this sequence: begin again from a snapshot. */
class StartOver extends Error {}

/**
 * Keeps one feed open: a snapshot first, then facts from its sequence on; after a drop it resumes from the last fact heard,
 * so that none is lost, and repeats are for the reducer to ignore. EventSource is not used because it hides the server's
 * signs of life, and a wall that silently stopped is worse than one that says so.
 */
export class FeedConnection {
  private seq: number | null = null;
  private attempt = 0;
  private stopping: AbortController | null = null;
  private readonly options: Required<Omit<FeedOptions, "areaCode">> & { areaCode?: string };

  constructor(private readonly listener: FeedListener, options: FeedOptions = {}) {
    this.options = { fetch: (...args) => fetch(...args), delay: backOff, silenceLimitMs: 40_000, ...options };
  }

  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    void this.run(this.stopping.signal);
  }

  stop(): void {
    this.stopping?.abort();
    this.stopping = null;
    this.listener.state("stopped");
  }

  private async run(stopped: AbortSignal): Promise<void> {
    this.listener.state("connecting");
    while (!stopped.aborted) {
      try {
        if (this.seq === null) await this.takeSnapshot(stopped);
        await this.listen(stopped);
      } catch (reason) {
        if (reason instanceof SignedOut) {
          this.stopping = null;
          return this.listener.state("signed_out");
        }
        if (reason instanceof StartOver) this.seq = null;
      }
      if (stopped.aborted) return;
      this.listener.state("waiting");
      await pause(this.options.delay(this.attempt++), stopped);
    }
  }

  private async takeSnapshot(stopped: AbortSignal): Promise<void> {
    const response = await this.ask(address("/api/picture", { area_code: this.options.areaCode }), stopped);
    const snapshot = (await response.json()) as Snapshot;
    this.seq = snapshot.seq;
    this.listener.snapshot(snapshot);
    this.listener.heard();
  }

  private async listen(stopped: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const either = AbortSignal.any([stopped, silence.signal]);
    const after = this.seq ?? 0;
    const response = await this.ask(address("/api/feed", { after, area_code: this.options.areaCode }), either, {
      Accept: "text/event-stream",
      "Last-Event-ID": String(after),
    });
    if (!response.body) throw new Error("the feed has no body");
    this.listener.state("live");
    const heard = (): void => {
      this.attempt = 0;
      this.listener.heard();
    };
    const parser = createParser({ onEvent: (message) => this.receive(message), onComment: heard });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let timer = setTimeout(() => silence.abort(), this.options.silenceLimitMs);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), this.options.silenceLimitMs);
        heard();
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(timer);
      void reader.cancel().catch(() => undefined);
    }
  }

  private receive(message: EventSourceMessage): void {
    if (message.event !== "fact") return;
    const fact = JSON.parse(message.data) as Fact;
    this.seq = Math.max(this.seq ?? 0, fact.seq);
    this.listener.fact(fact);
  }

  private async ask(url: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.options.fetch(url, { signal, headers, credentials: "same-origin", cache: "no-store" });
    if (response.ok) return response;
    if (response.status === 401) throw new SignedOut();
    if (response.status === 410) throw new StartOver();
    throw new Error(`the feed answered ${response.status}`);
  }
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopped.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
