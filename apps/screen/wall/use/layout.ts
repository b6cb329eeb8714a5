/** Which stream is large, which are small, and which find no place. */

export const MOST_SMALL = 9;

interface Listed { id: string; state: string }
export interface Layout<S> { large: S | null; small: S[]; left: number }

/** The chosen stream is large, else the first live one; the live ones come before the others, each in its own order. */
export function layoutOf<S extends Listed>(streams: readonly S[], chosen: string | null): Layout<S> {
  const ordered = [...streams].sort((a, b) => Number(b.state === "live") - Number(a.state === "live"));
  const large = ordered.find((stream) => stream.id === chosen) ?? ordered[0] ?? null;
  // whoever picks a picture with the number keys must find the others where they were
  const others = ordered.filter((stream) => stream !== large);
  return { large, small: others.slice(0, MOST_SMALL), left: Math.max(0, others.length - MOST_SMALL) };
}
