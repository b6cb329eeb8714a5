/** One at a time, across all pages of this browser. */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** A queue within one page. */
export function pageLock(): Exclusively {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const before = tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(name, mine);
    return mine;
  };
}

const withinPage = pageLock();

/** By Web Locks, which a closed page lets go by itself; a browser without them gets a queue within the page. */
export const exclusively: Exclusively = (name, work) =>
  globalThis.navigator?.locks ? navigator.locks.request(`liandong.${name}`, work) : withinPage(name, work);

/** Capturing and mending write deeds; only one of them at a time, so that no deed is missed among the forerunners. */
export const WRITING = "outbox.writing";
/** Sending, and whatever must not happen while an answer is under way. */
export const SENDING = "outbox.sending";
/** A file is on its way, perhaps for minutes: deeds and mending do not wait for it. */
export const FILES = "outbox.files";
