import type { Ref } from "vue";
import { drones } from "@shared/client/calls";

/** What docks brought of a mission's flights: one question for all parts of the page that show it. */
export const mediaOf = (missionId: Ref<string>) => ({ queryKey: ["drones", "media", missionId], queryFn: () => drones.media(missionId.value) });
