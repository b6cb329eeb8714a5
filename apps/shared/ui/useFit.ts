import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref, type WatchSource } from "vue";

/** So many of its rows fit whole into a holder; a row that is cut in half is worse than one that is not there. */
export function rowsThatFit(height: number, row: number, gap = 0): number {
  return row > 0 ? Math.max(1, Math.floor((height + gap + 0.5) / (row + gap))) : 1;
}

/**
 * How many `li` of the holder fit, measured by its first; asked again when the holder's size or `changes` do.
 * Until there is a row to measure it is `most`.
 */
export function useFit(holder: Ref<HTMLElement | null>, changes: WatchSource, most = 9): Ref<number> {
  const fitting = ref(most);
  let observer: ResizeObserver | null = null;

  function measure(): void {
    const element = holder.value;
    const row = element?.querySelector("li");
    if (!element || !row) return;
    const style = getComputedStyle(element);
    const height = element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    fitting.value = Math.min(most, rowsThatFit(height, row.getBoundingClientRect().height));
  }
  onMounted(() => {
    if (!("ResizeObserver" in globalThis)) return;
    observer = new ResizeObserver(measure);
    if (holder.value) observer.observe(holder.value);
  });
  watch(holder, (element) => { if (element) observer?.observe(element); });
  watch(changes, () => void nextTick(measure), { immediate: true });
  onBeforeUnmount(() => observer?.disconnect());
  return fitting;
}
