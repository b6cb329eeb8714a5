/** The content of a record, read once. Whatever is asked of a document that has another shape than it should is null. */
import type { Contents } from "./entries";
import { finding, type Finding } from "./findings";
import { DEEDS, FACTS, LINKS, UNLISTED } from "./form";
import { canonical, isObject, NotPlain, readJson, type Bytes, type Json } from "./plainJson";

const LINK = /^([1-9][0-9]{0,14}) ([0-9a-f]{64})$/;

/** A JSON object of the record and where it stands. */
export class Doc {
  readonly value: { [name: string]: Json };

  constructor(readonly path: string, value: Json) {
    this.value = isObject(value) ? value : {};
  }

  get isEmpty(): boolean {
    return Object.keys(this.value).length === 0;
  }

  /** The value at these names, one inside the other; null where there is none. */
  get(...names: readonly string[]): Json {
    let found: Json = this.value;
    for (const name of names) found = isObject(found) && Object.hasOwn(found, name) ? found[name]! : null;
    return found;
  }
}

export class Case {
  readonly docs = new Map<string, Doc>();
  readonly links = new Map<number, string>();
  readonly findings: Finding[] = [];

  /** The documents of a folder in the order of their names. */
  under(folder: string): Doc[] {
    const paths = [...this.docs.keys()].filter((path) => path.startsWith(folder)).sort();
    return paths.map((path) => this.docs.get(path)!);
  }

  /** The document at a path; an empty one if it is not there. */
  one(path: string): Doc {
    return this.docs.get(path) ?? new Doc(path, {});
  }

  /** The deeds of a kind that were accepted. */
  deeds(kind?: string): Doc[] {
    return this.under(DEEDS).filter(
      (doc) => doc.get("receipt", "outcome") === "accepted" && (kind === undefined || doc.get("deed", "kind") === kind),
    );
  }

  /** The facts of these names in the order of the ledger. */
  facts(...names: readonly string[]): Doc[] {
    return this.under(FACTS).filter((doc) => names.includes(doc.get("said", "name") as string));
  }
}

/** The case that the entries hold; what cannot be read is among its findings. */
export function readCase(contents: Contents): Case {
  const found = new Case();
  for (const [path, content] of contents) {
    if (UNLISTED.includes(path)) continue;
    if (path.endsWith(".json")) readDoc(found, path, content);
    else if (path === LINKS) readLinks(found, content);
  }
  return found;
}

function readDoc(found: Case, path: string, content: Bytes): void {
  try {
    found.docs.set(path, new Doc(path, readJson(content)));
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    found.findings.push(finding("json.unreadable", path, null, error.reason));
  }
}

function readLinks(found: Case, content: Bytes): void {
  const lines = new TextDecoder().decode(content).split("\n");
  if (lines.pop() !== "") found.findings.push(finding("chain.link_unreadable", LINKS, null, "end"));
  let last = 0;
  for (const [place, line] of lines.entries()) {
    const [, seq, digest] = LINK.exec(line) ?? [];
    if (seq === undefined || Number(seq) <= last) {
      found.findings.push(finding("chain.link_unreadable", LINKS, null, `line ${place + 1}`));
      return;
    }
    last = Number(seq);
    found.links.set(last, digest!);
  }
}

/** Whether two values are the same JSON. */
export const equal = (one: Json, other: Json): boolean => one === other || canonical(one) === canonical(other);

/** A text that is the same for the same values. */
export const keyOf = (...values: Json[]): string => canonical(values);
