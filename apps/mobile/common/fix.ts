/** Where the phone is, as fresh and as exact as it says. Without a fix everything works, and says so. */
import { computed, onScopeDispose, ref } from "vue";
import type { Place } from "../outbox/shapes";

export interface Fix extends Place { at: number }
export type FixTrouble = "denied" | "unavailable" | "unsupported";

export const fix = ref<Fix | null>(null);
export const fixTrouble = ref<FixTrouble | null>(null);

/** Older than this, a fix says nothing about where a deed was done. */
const FRESH_MS = 90_000;
let watchers = 0;
let watching: number | null = null;

/** The fix is renewed for as long as the calling page is open. */
export function useFix(): void {
  watchers += 1;
  if (watching === null) begin();
  onScopeDispose(() => {
    watchers -= 1;
    if (watchers === 0) end();
  });
}

/** Like useFix, but never asks the officer for permission: only where it was given before. */
export function useFixIfAllowed(): void {
  let isGone = false;
  onScopeDispose(() => (isGone = true));
  void navigator.permissions?.query({ name: "geolocation" }).then(({ state }) => {
    if (state !== "granted" || isGone) return;
    navigator.geolocation.getCurrentPosition(take, () => undefined, { maximumAge: 300_000, timeout: 20_000 });
  });
}

function begin(): void {
  if (!("geolocation" in navigator)) {
    fixTrouble.value = "unsupported";
    return;
  }
  watching = navigator.geolocation.watchPosition(take, fail, { enableHighAccuracy: true, maximumAge: 10_000 });
}

function end(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
}

/** Asks again, for example after the permission was given. */
export function askAgain(): void {
  end();
  fixTrouble.value = null;
  begin();
}

function take({ coords, timestamp }: GeolocationPosition): void {
  fix.value = { lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.round(coords.accuracy * 10) / 10, at: timestamp };
  fixTrouble.value = null;
}

function fail(error: GeolocationPositionError): void {
  fixTrouble.value = error.code === error.PERMISSION_DENIED ? "denied" : "unavailable";
}

/** The place for a deed that is done now, or null. */
export function placeNow(): Place | null {
  if (fix.value === null || Date.now() - fix.value.at > FRESH_MS) return null;
  const { lon, lat, accuracy_m } = fix.value;
  return { lon, lat, accuracy_m };
}

export const hasFix = computed(() => fix.value !== null);

const EARTH_M = 6_371_008.8;

/** Metres along the great circle between two points in degrees. */
export function distance_m(from: { lon: number; lat: number }, to: { lon: number; lat: number }): number {
  const rad = Math.PI / 180;
  const across = Math.sin(((to.lat - from.lat) * rad) / 2) ** 2;
  const along = Math.cos(from.lat * rad) * Math.cos(to.lat * rad) * Math.sin(((to.lon - from.lon) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(across + along));
}

/** `85 m`, `1.2 km`. */
export function distanceText(metres: number): string {
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;
}
