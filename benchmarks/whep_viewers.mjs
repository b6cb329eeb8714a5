/** Viewers by WHEP without a browser: `node whep_viewers.mjs <seconds>`, addresses on standard input, one a line; prints frames a second of each. */
import { createRequire } from "node:module";

const { RTCPeerConnection, useH264 } = createRequire(new URL("../apps/package.json", import.meta.url))("werift");
const seconds = Number(process.argv[2]);
const addresses = [];
for await (const bytes of process.stdin) addresses.push(...bytes.toString().split("\n").filter(Boolean));

async function watch(address) {
  const seen = { frames: 0 };
  const connection = new RTCPeerConnection({ iceServers: [], codecs: { video: [useH264()], audio: [] } });
  const video = connection.addTransceiver("video", { direction: "recvonly" });
  await connection.setLocalDescription(await connection.createOffer());
  const headers = { "content-type": "application/sdp" };
  const answer = await fetch(address, { method: "POST", headers, body: connection.localDescription.sdp });
  if (!answer.ok) throw new Error(await answer.text());
  await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  video.receiver.track.onReceiveRtp.subscribe((packet) => (seen.frames += packet.header.marker ? 1 : 0));
  return seen;
}

const seen = [];
for (const address of addresses) seen.push(await watch(address));
await new Promise((done) => setTimeout(done, 3000));
console.log("ready");
for (const one of seen) one.frames = 0;
await new Promise((done) => setTimeout(done, seconds * 1000));
console.log(JSON.stringify(seen.map((one) => one.frames / seconds)));
process.exit(0);
