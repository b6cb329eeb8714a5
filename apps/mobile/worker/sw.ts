/**
 * The service worker: the whole app is on the phone after the first visit, and a new version waits until the officer says so.
 * It never touches /api: what an officer did is kept and sent by the outbox, where it can be seen.
 */

interface WorkerEvent extends Event { waitUntil(work: Promise<unknown>): void }
interface FetchEvent extends WorkerEvent { request: Request; respondWith(answer: Promise<Response>): void }
interface MessageEventOfWorker extends WorkerEvent { data: unknown }
interface WorkerScope {
  location: Location;
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listener: (event: WorkerEvent) => void): void;
  addEventListener(name: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(name: "message", listener: (event: MessageEventOfWorker) => void): void;
}

/** Written by worker/precache.ts after the build: every file of the app, and a digest over all of them. */
declare const __PRECACHE__: { version: string; files: string[] };

const worker = self as unknown as WorkerScope;
const PREFIX = "liandong-mobile-";
const shell = { name: PREFIX + __PRECACHE__.version, page: new URL("index.html", worker.registration.scope).href };
const known = new Set(__PRECACHE__.files.map((file) => new URL(file, worker.registration.scope).href));

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
});
worker.addEventListener("fetch", (event) => {
  const address = addressOf(event.request);
  if (address !== null) event.respondWith(fromPhone(address, event.request));
});

/** All files or none: a version that is only half there is never used. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(shell.name);
  await cache.addAll([...known].map((address) => new Request(address, { cache: "reload" })));
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== shell.name).map((name) => caches.delete(name)));
}

/** The file of the app that answers a request, or null if the request is none of the app's files. */
function addressOf(request: Request): string | null {
  if (request.method !== "GET" || !request.url.startsWith(worker.registration.scope)) return null;
  if (request.mode === "navigate") return shell.page;
  const address = request.url.split(/[?#]/)[0]!;
  return known.has(address) ? address : null;
}

async function fromPhone(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(shell.name);
  return (await cache.match(address)) ?? fetch(request);
}
