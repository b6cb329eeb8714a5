import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { jurisdictions } from "@shared/client/calls";

/** Areas and outlines, which do not change during a day's work. */
export function useGround() {
  const { data: areas } = useQuery({ queryKey: ["areas"], queryFn: () => jurisdictions.areas(), staleTime: Infinity });
  const { data: outlines } = useQuery({ queryKey: ["outlines"], queryFn: () => jurisdictions.outlines(), staleTime: Infinity });
  const names = computed(() => new Map((areas.value ?? []).map((area) => [area.area_code, area.name])));
  const areaName = (code: string | null): string => (code === null ? "—" : names.value.get(code) ?? names.value.get(code.slice(0, 6)) ?? code);
  return { areas: computed(() => areas.value ?? []), outlines: computed(() => outlines.value ?? null), areaName };
}
