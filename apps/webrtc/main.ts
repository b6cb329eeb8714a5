/** WebRTC for the relay: it holds the connections of browsers, and knows nothing of streams, tickets or people. The relay starts it. */
import { Sender, Watcher, type Peer, type Reach } from "./peer";
import { Kind, Reader, readFrame, writtenJson, type Message } from "./wire";

const MOST_UNSENT = 16 * 1024 * 1024;
const reach = JSON.parse(process.argv[2] ?? '{"addresses":[],"ports":null}') as Reach;
const peers = new Map<number, Peer>();

function tell(message: Buffer): void {
  const isFrame = message[4] === Kind.frame;
  if (isFrame && process.stdout.writableLength > MOST_UNSENT) return;
  process.stdout.write(message);
}

function hear({ kind, peer, body }: Message): void {
  if (kind === Kind.offer) void welcome(peer, JSON.parse(body.toString()) as { role: string; sdp: string });
  else if (kind === Kind.frame) peers.get(peer)?.show(readFrame(body));
  else if (kind === Kind.key) peers.get(peer)?.askKey();
  else if (kind === Kind.close) leave(peer);
}

async function welcome(number: number, { role, sdp }: { role: string; sdp: string }): Promise<void> {
  const peer = new (role === "watch" ? Watcher : Sender)(number, tell, reach);
  peers.set(number, peer);
  try {
    await peer.answer(sdp);
  } catch (reason) {
    tell(writtenJson(Kind.refused, number, { why: String(reason) }));
    leave(number);
  }
}

function leave(number: number): void {
  peers.get(number)?.end("left");
  peers.delete(number);
}

const reader = new Reader();
process.stdin.on("data", (bytes: Buffer) => {
  for (const message of reader.take(bytes)) hear(message);
});
process.stdin.on("end", () => process.exit(0));
// one broken connection must not end the others: what a library throws on a timer of its own is said and survived
process.on("uncaughtException", (error) => console.error(error));
process.on("unhandledRejection", (error) => console.error(error));
