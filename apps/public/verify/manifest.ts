/** The manifest: which entries a record has, in which order, of which digest; and the signature over it. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { finding, show, type Check } from "./findings";
import { FORMAT, isName, MANIFEST, SIGNATURE, UNLISTED, VERSION } from "./form";
import { isObject, NotPlain, readJson, sha256, type Bytes, type Json } from "./plainJson";

const ALGORITHM = "Ed25519";
const DIGEST = /^[0-9a-f]{64}$/;
const SEAL = /^[0-9a-f]{128}$/;

export interface Listed {
  path: string;
  sha256: string;
  size: number;
}

export interface LedgerSpan {
  from_seq: number;
  to_seq: number;
  chain_before: string;
  chain_after: string;
}

export interface Manifest {
  inspection: { id: string; number: string };
  made_at: string;
  public_key: string;
  files: Listed[];
  ledger: LedgerSpan | null;
}

/** Whether `signature` (hex) is the Ed25519 signature of `content` by the public key (hex), as RFC 8032 has it. */
export function isSeal(key: string, signature: Json, content: Bytes): boolean {
  if (typeof signature !== "string" || !SEAL.test(signature) || !DIGEST.test(key)) return false;
  try {
    return ed25519.verify(hexToBytes(signature), content, hexToBytes(key), { zip215: false });
  } catch {
    return false;
  }
}

/** The manifest that the bytes hold; throws NotPlain if they hold none of this format and version. */
export function readManifest(content: Bytes): Manifest {
  const said = readJson(content);
  if (!isObject(said) || said["format"] !== FORMAT || said["version"] !== VERSION) throw new NotPlain("another format");
  const { files, ledger, inspection, made_at, public_key } = said;
  const wanted = [said["files"], said["ledger"], said["inspection"], said["made_at"], said["public_key"]];
  if (wanted.includes(undefined as unknown as Json) || !Array.isArray(files)) throw new NotPlain("incomplete");
  if (!files.every((one) => has(one, ["path", "sha256", "size"])) || !has(inspection, ["id", "number"])) throw new NotPlain("incomplete");
  const isBare = ledger === null || ledger === false || ledger === 0 || ledger === "";
  if (!isBare && !isEmpty(ledger) && !has(ledger, ["from_seq", "to_seq", "chain_before", "chain_after"])) throw new NotPlain("incomplete");
  const made = { inspection, made_at, public_key, files, ledger: isBare || isEmpty(ledger) ? null : ledger } as unknown as Manifest;
  if (!isTyped(made)) throw new NotPlain("wrong types");
  return made;
}

const has = (value: Json | undefined, names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => Object.hasOwn(value, name));
const isEmpty = (value: Json | undefined): boolean =>
  (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
const isText = (value: unknown): value is string => typeof value === "string";
const isDigest = (value: unknown): boolean => isText(value) && DIGEST.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isTyped(said: Manifest): boolean {
  return (
    [said.made_at, said.inspection.id, said.inspection.number].every(isText) &&
    isDigest(said.public_key) &&
    said.files.every((one) => isText(one.path) && isName(one.path) && !UNLISTED.includes(one.path) && isDigest(one.sha256) && isCount(one.size)) &&
    new Set(said.files.map((one) => one.path)).size === said.files.length &&
    (said.ledger === null || isSpan(said.ledger))
  );
}

const isSpan = (span: LedgerSpan): boolean =>
  isCount(span.from_seq) && isCount(span.to_seq) && span.from_seq > 0 && span.from_seq <= span.to_seq &&
  isDigest(span.chain_before) && isDigest(span.chain_after);

/** Whether the installation whose key the manifest names has signed it; if not, which of the two was altered. */
export function checkSignature(manifest: Manifest, content: Bytes, sealed: Bytes | undefined): Check {
  const check = (checked: number, ...findings: Check["findings"]): Check => ({ name: "signature", checked, findings });
  if (sealed === undefined) return check(0);
  let said: Json;
  try {
    said = readJson(sealed);
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    return check(1, finding("signature.unreadable", SIGNATURE, null, error.reason));
  }
  if (!isObject(said) || Object.keys(said).sort().join() !== "algorithm,manifest_sha256,signature") {
    return check(1, finding("signature.unreadable", SIGNATURE));
  }
  const [actual, claimed] = [sha256(content), said["manifest_sha256"]!];
  const holds = isSeal(manifest.public_key, said["signature"]!, content);
  if (!holds && actual !== claimed) return check(1, finding("manifest.altered", MANIFEST, show(claimed), actual));
  if (!holds) return check(1, finding("signature.untrue", SIGNATURE, manifest.public_key));
  const beside = Object.entries({ algorithm: ALGORITHM, manifest_sha256: actual }).filter(([name, value]) => said[name] !== value);
  return check(1, ...beside.map(([name, value]) => finding("signature.altered", `${SIGNATURE}#/${name}`, value, show(said[name]!))));
}
