import { computed, ref, type Ref } from "vue";
import { screens } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { WallLayout } from "@shared/client/types";
import { useReading } from "../../use/useReading";

const ASK_EVERY_MS = 10_000;

/**
 * The layouts that are kept for operations, and the one that this screen shows. Which one it is is remembered here by
 * its operation; what it holds comes from the server, so that every screen of the area shows the same.
 */
export function useLayouts(accountId: string, now: Ref<number>) {
  const KEPT_AS = `liandong.wall.operation.${accountId}`;
  const { found, again } = useReading(() => screens.layouts(), () => Math.floor(now.value / ASK_EVERY_MS));
  const operation = ref<string | null>(localStorage.getItem(KEPT_AS));
  const shown = computed<WallLayout | null>(() => found.value?.find((one) => one.operation === operation.value) ?? null);
  const refusal = ref<string | null>(null);

  function show(name: string | null): void {
    operation.value = name;
    if (name === null) localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, name);
  }
  /** Whether it was kept; why not is in `refusal`. */
  async function keep(name: string, streamIds: string[]): Promise<boolean> {
    return done(async () => show((await screens.keepLayout(name, streamIds)).operation));
  }
  async function withdraw(layout: WallLayout): Promise<boolean> {
    return done(async () => {
      await screens.withdrawLayout(layout.id);
      if (operation.value === layout.operation) show(null);
    });
  }
  async function done(deed: () => Promise<unknown>): Promise<boolean> {
    try {
      await deed();
      refusal.value = null;
      again();
      return true;
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      refusal.value = reason.title;
      return false;
    }
  }
  return { layouts: found, shown, refusal, show, keep, withdraw };
}
