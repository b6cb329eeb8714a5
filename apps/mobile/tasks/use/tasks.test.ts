import { expect, it } from "vitest";
import type { DeedKind, DeedRow, DeedState } from "../../outbox/shapes";
import { taskNow } from "./tasks";

const deed = (kind: DeedKind, state: DeedState): DeedRow => ({ kind, state }) as DeedRow;

it("counts in what was done on this phone", () => {
  expect(taskNow({ state: "assigned" }, [])).toEqual({ state: "assigned", isOnlyHere: false, isStuck: false });
  expect(taskNow({ state: "assigned" }, [deed("accept_task", "kept")])).toEqual({ state: "accepted", isOnlyHere: true, isStuck: false });
  const done = [deed("accept_task", "accepted"), deed("arrive_on_site", "accepted")];
  expect(taskNow({ state: "assigned" }, done)).toEqual({ state: "on_site", isOnlyHere: false, isStuck: false });
  expect(taskNow({ state: "on_site" }, [...done, deed("submit_inspection", "waiting")]).state).toBe("reported");
});

it("does not take a refused or given up deed for done", () => {
  expect(taskNow({ state: "assigned" }, [deed("accept_task", "refused")])).toEqual({ state: "assigned", isOnlyHere: false, isStuck: true });
  expect(taskNow({ state: "assigned" }, [deed("accept_task", "set_aside")]).isStuck).toBe(false);
});

it("never goes behind what the server says", () => {
  expect(taskNow({ state: "reported" }, [deed("accept_task", "kept")]).state).toBe("reported");
  expect(taskNow({ state: "cancelled" }, [deed("accept_task", "kept")]).state).toBe("cancelled");
});
