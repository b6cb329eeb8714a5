import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LivePlayer, type Shown } from "./player";
import type { Seen, Way } from "./way";

interface Fake extends Way { protocol: string; plays: () => void; breaks: () => void }
const { opened, FakeWay } = vi.hoisted(() => {
  const opened: Fake[] = [];
  /** A way that does what the test says. */
  class FakeWay implements Fake {
    seen: Seen | null = { state: "connecting", ageMs: null, still: null };
    constructor(readonly protocol: string, private readonly changed: () => void) {
      opened.push(this);
    }
    plays(): void {
      this.seen = { state: "playing", ageMs: 100, still: null };
      this.changed();
    }
    breaks(): void {
      this.seen = null;
      this.changed();
    }
    look(): Seen | null {
      return this.seen;
    }
    momentMs(): null {
      return null;
    }
    close(): void {
      this.seen = null;
    }
  }
  return { opened, FakeWay };
});

vi.mock("./whepWay", () => ({ canConnect: () => true, WhepWay: class extends FakeWay { constructor(_: unknown, __: string, changed: () => void) { super("whep", changed); } } }));
vi.mock("./film", () => ({ canShowFilm: () => true }));
vi.mock("./socketWay", () => ({ SocketWay: class extends FakeWay { constructor(_: unknown, __: string, changed: () => void) { super("ws-fmp4", changed); } } }));
vi.mock("./hlsWay", () => ({ canPlayHls: () => true, HlsWay: class extends FakeWay { constructor(_: unknown, __: string, changed: () => void) { super("hls", changed); } } }));

const ADDRESSES = [{ protocol: "ws-fmp4", url: "ws" }, { protocol: "hls", url: "http" }];
const newest = (): Fake => opened.at(-1)!;

describe("LivePlayer", () => {
  let player: LivePlayer;
  let shown: Shown;

  beforeEach(async () => {
    vi.useFakeTimers();
    opened.length = 0;
    player = new LivePlayer(document.createElement("video"), async () => ADDRESSES, (now) => (shown = now));
    player.start();
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    player.stop();
    vi.useRealTimers();
  });

  /** The way in use breaks, and the player tries again, so many times. */
  async function breaks(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      newest().breaks();
      await vi.advanceTimersByTimeAsync(1000);
    }
  }

  it("leaves a way that never played for the next one", async () => {
    await breaks(2);
    expect(newest().protocol).toBe("hls");
  });

  it("tries first what was asked for, and leaves at once what cannot show this stream", async () => {
    player.stop();
    const addresses = [...ADDRESSES, { protocol: "whep", url: "rtc" }];
    player = new LivePlayer(document.createElement("video"), async () => addresses, (now) => (shown = now), "whep");
    player.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(newest().protocol).toBe("whep");
    newest().plays();
    newest().isUnfit = true;
    await breaks(1);
    expect(newest().protocol).toBe("ws-fmp4");
  });

  it("leaves a way that has played only when it is refused for long, and comes back to it", async () => {
    newest().plays();
    await breaks(15);
    expect(newest().protocol).toBe("hls");
    await breaks(2);
    expect(newest().protocol).toBe("ws-fmp4");
  });

  it("stays with a way that has played while the relay is away", async () => {
    newest().plays();
    await breaks(7);
    expect(opened.map((way) => way.protocol)).toEqual(Array(8).fill("ws-fmp4"));
    newest().plays();
    expect(shown).toMatchObject({ state: "playing", protocol: "ws-fmp4" });
  });
});
