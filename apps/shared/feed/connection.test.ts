import { afterEach, describe, expect, it } from "vitest";
import { FeedConnection, type ConnectionState } from "./connection";
import type { Fact, Snapshot } from "./picture";

const snapshot = (seq: number): Snapshot => ({ seq, as_of: "2026-03-01T00:00:00Z", tasks: {}, problems: {}, officers: {}, clues: {}, ticker: [] });
const frame = (seq: number): string => `id: ${seq}\nevent: fact\ndata: ${JSON.stringify({ seq, name: "X", at: "2026-03-01T00:00:00Z", after: {}, words: "" })}\n\n`;

/** Each stream is a list of chunks; `open` keeps it open after the last one. */
type Reply = { status: number } | { chunks: string[]; open?: boolean };

function stage(replies: Reply[], snapshots: number[] = [10]) {
  const asked: { url: string; lastEventId: string | null }[] = [];
  const heard: number[] = [];
  const states: ConnectionState[] = [];
  const taken: number[] = [];
  let settle: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (settle = resolve));
  const server = (async (url: string, init: RequestInit) => {
    asked.push({ url, lastEventId: new Headers(init.headers).get("Last-Event-ID") });
    if (url.startsWith("/api/picture")) return Response.json(snapshot(snapshots.shift() ?? 10));
    const reply = replies.shift();
    if (!reply) {
      settle();
      return new Promise<Response>((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    if ("status" in reply) return new Response("", { status: reply.status });
    return new Response(streamOf(reply, init.signal ?? undefined));
  }) as unknown as typeof fetch;
  const connection = new FeedConnection(
    {
      snapshot: (s) => taken.push(s.seq),
      fact: (f: Fact) => heard.push(f.seq),
      state: (s) => { states.push(s); if (s === "signed_out") settle(); },
      heard: () => undefined,
    },
    { fetch: server, delay: () => 0, silenceLimitMs: 20 },
  );
  return { connection, asked, heard, states, taken, finished };
}

function streamOf(reply: { chunks: string[]; open?: boolean }, signal?: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      reply.chunks.forEach((chunk) => controller.enqueue(encoder.encode(chunk)));
      if (!reply.open) return controller.close();
      signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
    },
  });
}

let running: FeedConnection | null = null;
afterEach(() => running?.stop());

describe("FeedConnection", () => {
  it("takes one snapshot, then resumes after each drop from the last fact heard", async () => {
    const play = stage([{ chunks: [frame(11), frame(12)] }, { status: 502 }, { chunks: [frame(12), frame(15)] }]);
    running = play.connection;
    play.connection.start();
    await play.finished;
    expect(play.taken).toEqual([10]);
    expect(play.heard).toEqual([11, 12, 12, 15]);
    expect(play.asked.map((a) => a.url)).toEqual(["/api/picture", "/api/feed?after=10", "/api/feed?after=12", "/api/feed?after=12", "/api/feed?after=15"]);
    expect(play.asked.map((a) => a.lastEventId)).toEqual([null, "10", "12", "12", "15"]);
    expect(play.states.slice(0, 4)).toEqual(["connecting", "live", "waiting", "waiting"]);
  });

  it("reads a fact that comes in pieces", async () => {
    const whole = frame(11);
    const play = stage([{ chunks: [whole.slice(0, 20), whole.slice(20, 41), whole.slice(41)] }]);
    running = play.connection;
    play.connection.start();
    await play.finished;
    expect(play.heard).toEqual([11]);
  });

  it("gives a stream up that has fallen silent, and opens the next", async () => {
    const play = stage([{ chunks: [frame(11)], open: true }]);
    running = play.connection;
    play.connection.start();
    await play.finished;
    expect(play.states).toContain("waiting");
    expect(play.asked.at(-1)?.url).toBe("/api/feed?after=11");
  });

  it("stops at the end of the session instead of hammering", async () => {
    const play = stage([{ status: 401 }, { chunks: [] }]);
    running = play.connection;
    play.connection.start();
    await play.finished;
    expect(play.states.at(-1)).toBe("signed_out");
    expect(play.asked).toHaveLength(2);
  });

  it("begins again from a snapshot when the server cannot go on from the sequence", async () => {
    const play = stage([{ status: 410 }], [10, 90]);
    running = play.connection;
    play.connection.start();
    await play.finished;
    expect(play.taken).toEqual([10, 90]);
    expect(play.asked.at(-1)?.url).toBe("/api/feed?after=90");
  });
});
