/**
 * A file goes to the server in pieces (tus 1.0), each small enough for the line, and goes on where it was after every
 * break, reload or kill: the server keeps what a broken request brought and says how far it is.
 */
import { DetailedError, Upload } from "tus-js-client";
import { Answered, problemOf, Unreachable } from "./faults";
import type { FileReceipt } from "./shapes";
import type { OnItsWay } from "./wire";

const PATH = "/api/evidence/uploads";
const KIB = 1024;
/** A signature goes with the request that announces it: one trip instead of two. */
const WITH_CREATION = 96 * KIB;
const SMALLEST_PIECE = 64 * KIB;
const LARGEST_PIECE = 512 * KIB;
/** How long a piece should take: shorter costs round trips; of a longer one more comes twice when a browser, by itself,
 *  sends a request again whose kept connection was cut. */
const PIECE_SECONDS = 10;
/** The slowest link that is waited for; below it the piece is begun again later. */
const SLOWEST_BYTES_PER_S = 8_000;
const PATIENCE_MS = 30_000;
/** A line that was cut is taken up again at once; the sender's own pauses come after these. */
const RETRY_MS = [0, 1_000, 3_000];

/** What the line has borne so far; the next file begins with it. */
let piece = 256 * KIB;

/** The piece that this line carries in `PIECE_SECONDS`, from what it carried just now. */
export function pieceFor(bytes: number, took_ms: number): number {
  const borne = (bytes / Math.max(1, took_ms)) * 1000 * PIECE_SECONDS;
  return Math.round(Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, borne)));
}

/** Every byte is with the server. Throws Unreachable or Answered; what was sent stays sent. */
export function sendInPieces(sha256: string, bytes: ArrayBuffer, media_type: string, way?: OnItsWay): Promise<FileReceipt | void> {
  return new Promise((resolve, reject) => {
    let receipt: FileReceipt | undefined;
    let began = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    const upload = new Upload(new Blob([bytes], { type: media_type }), {
      endpoint: location.origin + PATH,
      uploadUrl: way?.url ? location.origin + way.url : null,
      metadata: { sha256, filetype: media_type },
      chunkSize: piece,
      retryDelays: RETRY_MS,
      uploadDataDuringCreation: bytes.byteLength <= WITH_CREATION,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => way?.begun(new URL(upload.url!).pathname),
      onBeforeRequest: () => {
        began = performance.now();
        watch();
      },
      onProgress: (sent) => {
        watch();
        way?.moved(sent);
      },
      onChunkComplete: (size, held) => {
        way?.held(held);
        piece = pieceFor(size, performance.now() - began);
        upload.options.chunkSize = piece;
      },
      onAfterResponse: (_request, response) => {
        receipt = receiptIn(response.getHeader("Upload-Receipt")) ?? receipt;
      },
      onSuccess: () => end(() => resolve(receipt)),
      onError: (reason) => end(() => reject(faultOf(reason))),
    });
    /** A line that went silent is not waited for for ever. */
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void upload.abort();
        reject(new Unreachable("silent"));
      }, PATIENCE_MS + (piece / SLOWEST_BYTES_PER_S) * 1000);
    };
    upload.start();
  });
}

function receiptIn(header: string | undefined): FileReceipt | undefined {
  if (!header) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(header), (char) => char.charCodeAt(0)))) as FileReceipt;
  } catch {
    return undefined;
  }
}

function faultOf(reason: Error): Error {
  const response = reason instanceof DetailedError ? reason.originalResponse : null;
  if (!response) return new Unreachable(reason.message);
  const status = response.getStatus();
  try {
    return new Answered(status, problemOf(status, JSON.parse(response.getBody())));
  } catch {
    return new Answered(status, problemOf(status, null));
  }
}
