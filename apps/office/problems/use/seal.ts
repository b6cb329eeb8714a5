import { problems } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { Evidence } from "@shared/client/types";

const MOST_BYTES = 50 * 1024 * 1024;

/** Lower-case hexadecimal SHA-256 of the bytes. */
export async function digestOf(bytes: ArrayBuffer): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new ApiProblem(0, "client.insecure_origin", "浏览器不允许在非 HTTPS 页面固定证据", "Evidence can be sealed on an HTTPS page only");
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The file sealed as evidence of the problem: hashed here, checked there. `purpose` is kept on the record, so it is Chinese in every language of the page. */
export async function sealFile(problemId: string, file: File, purpose: string): Promise<Evidence> {
  if (file.size > MOST_BYTES) throw new ApiProblem(0, "client.file_too_large", "文件超过 50 MB", "The file is larger than 50 MB");
  const form = new FormData();
  form.set("file", file);
  form.set("sha256", await digestOf(await file.arrayBuffer()));
  form.set("purpose", `${purpose}：${file.name}`);
  form.set("taken_at", new Date(file.lastModified).toISOString());
  return problems.sealEvidence(problemId, form);
}
