/** 送达、已读、签收: how far an order has come with an officer. */
import { w } from "../terms";
import type { Answered } from "./picture";

export type Step = "sent" | "received" | "read" | "accepted";

/** How far an order has come with one officer, and when. */
export function stepOf(answer: Answered): { step: Step; at: string | null } {
  if (answer.accepted_at) return { step: "accepted", at: answer.accepted_at };
  if (answer.read_at) return { step: "read", at: answer.read_at };
  if (answer.received_at) return { step: "received", at: answer.received_at };
  return { step: "sent", at: null };
}

export function stepWords(step: Step): string {
  switch (step) {
    case "sent": return w("未送达手机", "Not on the phone yet");
    case "received": return w("已送达", "Received");
    case "read": return w("已读", "Read");
    case "accepted": return w("已签收", "Signed for");
  }
}
