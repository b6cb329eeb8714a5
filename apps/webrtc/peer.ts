/** One connection: a browser that watches, or one that sends. Its offer is answered at once, with all our addresses in the answer. */
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useH264, type RTCRtpTransceiver } from "werift";
import { FilmReader } from "./film";
import { payloadsOf } from "./payload";
import { Kind, writtenFrame, writtenJson, type Frame } from "./wire";

export type Tell = (message: Buffer) => void;
/** `addresses`: under which we are reached, none meaning all that this machine has; `ports`: which UDP ports are ours, none meaning any. */
export interface Reach { addresses: string[]; ports: [number, number] | null }

const BAD_STATES = ["closed", "failed", "disconnected"];
const HIGHEST = 0x10000;
/** Whoever is sent pictures reports on them once a second; ICE alone would miss a viewer who left only after half a minute. */
const SILENT_MS = 8000;
/** After such a pause of the sender reports are waited for anew. */
const PAUSE_MS = 2000;

export abstract class Peer {
  protected readonly connection: RTCPeerConnection;
  private isOver = false;

  constructor(
    protected readonly number: number,
    protected readonly tell: Tell,
    private readonly reach: Reach,
  ) {
    this.connection = new RTCPeerConnection({
      iceServers: [],
      codecs: { video: [useH264()], audio: [] },
      iceUseIpv6: reach.addresses.some((address) => address.includes(":")),
      ...(reach.addresses.length > 0 && { iceAdditionalHostAddresses: reach.addresses }),
      ...(reach.addresses.length === 1 && { iceInterfaceAddresses: { udp4: reach.addresses[0] } }),
      ...(reach.ports && { icePortRange: reach.ports }),
    });
    this.connection.connectionStateChange.subscribe((state) => {
      if (state === "connected") this.tell(writtenJson(Kind.connected, this.number, {}));
      if (BAD_STATES.includes(state)) this.end(state);
    });
  }

  async answer(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    const video = this.connection.getTransceivers().find((one) => one.kind === "video");
    if (!video) throw new Error("no picture is offered");
    this.prepare(video);
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    const said = this.connection.localDescription?.sdp ?? "";
    this.tell(writtenJson(Kind.answer, this.number, { sdp: this.reachable(said) }));
  }

  /** Afterwards nothing of this connection is left; the relay is told once. */
  end(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.tell(writtenJson(Kind.closed, this.number, { why }));
    void this.connection.close();
  }

  protected abstract prepare(video: RTCRtpTransceiver): void;
  show(_: Frame): void {}
  askKey(): void {}

  /** Addresses that are not ours to give are not given. */
  private reachable(sdp: string): string {
    if (this.reach.addresses.length === 0) return sdp;
    const isGiven = (line: string): boolean => !line.startsWith("a=candidate:") || this.reach.addresses.includes(line.split(" ")[4] ?? "");
    return sdp.split("\r\n").filter(isGiven).join("\r\n");
  }
}

export class Watcher extends Peer {
  private readonly track = new MediaStreamTrack({ kind: "video" });
  private video: RTCRtpTransceiver | null = null;
  private sequence = Math.floor(Math.random() * HIGHEST);
  private heardAt = 0;
  private shownAt = 0;

  protected override prepare(video: RTCRtpTransceiver): void {
    this.video = video;
    video.setDirection("sendonly");
    void video.sender.replaceTrack(this.track);
    video.sender.onRtcp.subscribe(() => (this.heardAt = Date.now()));
    video.sender.onPictureLossIndication.subscribe(() => this.tell(writtenJson(Kind.key, this.number, {})));
  }

  override show({ time, units }: Frame): void {
    if (this.connection.connectionState !== "connected" || !this.video) return;
    const now = Date.now();
    if (now - this.shownAt > PAUSE_MS) this.heardAt = now;
    this.shownAt = now;
    if (now - this.heardAt > SILENT_MS) return this.end("silent");
    const payloads = units.flatMap(payloadsOf);
    payloads.forEach((payload, index) => {
      const header = new RtpHeader({ sequenceNumber: this.sequence, timestamp: time, marker: index === payloads.length - 1, payloadType: 0 });
      this.sequence = (this.sequence + 1) % HIGHEST;
      void this.video?.sender.sendRtp(new RtpPacket(header, payload));
    });
  }
}

export class Sender extends Peer {
  private video: RTCRtpTransceiver | null = null;
  private readonly film = new FilmReader(() => this.askKey());

  protected override prepare(video: RTCRtpTransceiver): void {
    this.video = video;
    video.setDirection("recvonly");
    // the offer named its source, so the track is there already
    video.receiver.track.onReceiveRtp.subscribe((packet) => {
      for (const frame of this.film.take(packet, Date.now())) this.tell(writtenFrame(this.number, frame));
    });
  }

  override askKey(): void {
    const receiver = this.video?.receiver;
    const source = receiver && Number(Object.keys(receiver.trackBySSRC)[0]);
    if (source) void receiver.sendRtcpPLI(source);
  }
}
