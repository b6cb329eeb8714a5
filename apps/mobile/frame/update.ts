/** The app on the phone, and the offer of a newer one. It never changes under an officer's hands. */
import { ref } from "vue";

export const hasUpdate = ref(false);
/** The whole app is on the phone: it opens without any network. */
export const isInstalled = ref(false);

const HOUR_MS = 3_600_000;
let waiting: ServiceWorker | null = null;
let isTakingOver = false;

export function followUpdates(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isTakingOver) location.reload();
  });
  void navigator.serviceWorker.ready.then(() => (isInstalled.value = true));
  navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`).then(follow, (reason) => console.warn(reason));
}

function follow(registration: ServiceWorkerRegistration): void {
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const arriving = registration.installing;
    arriving?.addEventListener("statechange", () => {
      if (arriving.state === "installed") offer(registration.waiting);
    });
  });
  setInterval(() => void registration.update().catch(() => undefined), HOUR_MS);
}

function offer(worker: ServiceWorker | null): void {
  if (worker === null || navigator.serviceWorker.controller === null) return;
  waiting = worker;
  hasUpdate.value = true;
}

/** The new version takes over and the page is loaded anew; everything is in the store. */
export function takeUpdate(): void {
  isTakingOver = true;
  waiting?.postMessage("take over");
}
