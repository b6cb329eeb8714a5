import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { jurisdictions } from "@shared/client/calls";
import { useSession } from "@shared/client/useSession";
import { cityOf, isDistrict, markOwn } from "@shared/map/outlines";

/** Areas and outlines, which do not change during a day's work. */
export function useGround() {
  const { actor } = useSession();
  const under = computed(() => cityOf(actor.value?.agency.area_code ?? ""));
  const { data: areas } = useQuery({ queryKey: ["areas", under], queryFn: () => jurisdictions.areas(under.value), staleTime: Infinity });
  const { data: outlines } = useQuery({ queryKey: ["outlines", under], queryFn: () => jurisdictions.outlines(under.value), staleTime: Infinity });
  const names = computed(() => new Map((areas.value ?? []).map((area) => [area.area_code, area.name])));
  const areaName = (code: string | null): string => (code === null ? "—" : names.value.get(code) ?? names.value.get(code.slice(0, 6)) ?? code);
  return { areas: computed(() => (areas.value ?? []).filter((area) => isDistrict(area.area_code))), outlines: computed(() => (outlines.value ? markOwn(outlines.value, actor.value?.areas ?? []) : null)), areaName };
}
