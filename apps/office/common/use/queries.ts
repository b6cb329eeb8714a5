import { QueryClient } from "@tanstack/vue-query";
import { ApiProblem } from "@shared/client/problem";
import type { Fact } from "@shared/feed/picture";

/** What the server refused it will refuse again: only an unreachable server is asked once more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, reason) => count < 2 && reason instanceof ApiProblem && (reason.status === 0 || reason.status >= 500),
    },
  },
});

const GATHER_MS = 400;
const ROOM_OF: Record<string, string> = { dispatch: "tasks", alliances: "memoranda" };
/** An original that arrives is seen where its item is shown. */
const SHOWN_IN: Record<string, string[]> = { evidence: ["inspections", "problems", "drones", "docks"] };
const touched = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** What a fact has changed is read again, gathered so that a burst of facts asks once. */
export function renewAfter(fact: Fact): void {
  for (const room of [fact.subject.room, ...Object.keys(fact.after)]) {
    for (const shown of SHOWN_IN[room] ?? [ROOM_OF[room] ?? room]) touched.add(shown);
  }
  timer ??= setTimeout(() => {
    timer = null;
    for (const room of touched) void queryClient.invalidateQueries({ queryKey: [room] });
    void queryClient.invalidateQueries({ queryKey: ["files"] });
    void queryClient.invalidateQueries({ queryKey: ["ledger"] });
    touched.clear();
  }, GATHER_MS);
}

/** Everything an act may have changed, for where no feed runs or it is slower than the eye. */
export async function renewRooms(...rooms: string[]): Promise<void> {
  await Promise.all([...rooms, "files", "ledger"].map((room) => queryClient.invalidateQueries({ queryKey: [room] })));
}
