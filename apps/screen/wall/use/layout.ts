/** Which stream is large, which are small, and which find no place. */

export const MOST_SMALL = 9;

interface Listed { id: string; state: string }
export interface Layout<S> { large: S | null; small: S[]; left: number }

/**
 * The chosen stream is large, else the first live one; the live ones come before the others, each in its own order.
 * With `arranged`, a layout that was kept, exactly its streams stand there in its order, as far as they still are.
 */
export function layoutOf<S extends Listed>(streams: readonly S[], chosen: string | null, arranged: readonly string[] | null = null): Layout<S> {
  const ordered = arranged === null
    ? [...streams].sort((a, b) => Number(b.state === "live") - Number(a.state === "live"))
    : arranged.flatMap((id) => streams.find((stream) => stream.id === id) ?? []);
  const large = ordered.find((stream) => stream.id === chosen) ?? ordered[0] ?? null;
  // whoever picks a picture with the number keys must find the others where they were
  const others = ordered.filter((stream) => stream !== large);
  const small = others.slice(0, MOST_SMALL);
  return { large, small, left: Math.max(0, streams.length - small.length - Number(large !== null)) };
}

/** The order with a stream put at its end, or taken out of it; a wall holds one large and nine small ones. */
export function toggled(order: readonly string[], id: string): string[] {
  if (order.includes(id)) return order.filter((one) => one !== id);
  return order.length > MOST_SMALL ? [...order] : [...order, id];
}
