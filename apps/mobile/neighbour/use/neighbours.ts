/** Which neighbours may be told, as this phone last heard; and whose a place probably is, while the server can be asked. */
import { ref, type Ref } from "vue";
import { answer, api } from "@shared/client/http";
import { ApiProblem } from "@shared/client/problem";
import type { components } from "@shared/client/schema";
import { store, useLive } from "../../common/live";
import type { Json, Place } from "../../outbox/shapes";

export type Neighbour = components["schemas"]["ChoiceOut"];
export type Proposal = components["schemas"]["ProposalOut"];

const KEPT_AS = "neighbours";

/** The neighbours that may be told, those of the last time the server said. */
export const useNeighbours = (): Ref<Neighbour[]> => useLive(() => KEPT_AS, async () => ((await store.setting<Json>(KEPT_AS)) as Neighbour[] | null) ?? [], [] as Neighbour[]);

/** Who may be told, and at a place whose it probably is. Null: the server cannot be asked now. */
export async function askProposal(place: Place | null): Promise<Proposal | null> {
  try {
    const query = place === null ? {} : { lon: place.lon, lat: place.lat };
    const found = await answer<Proposal>(api.GET("/api/referrals/proposal", { params: { query } }));
    await store.set(KEPT_AS, found.choices.map(({ area_code, area_name }) => ({ area_code, area_name, distance_m: null })));
    return found;
  } catch (reason) {
    if (!(reason instanceof ApiProblem)) throw reason;
    return null;
  }
}

/** The proposal for where the phone is, asked again whenever that becomes known. */
export function useProposal(): { proposal: Ref<Proposal | null>; ask: (place: Place | null) => Promise<void> } {
  const proposal = ref<Proposal | null>(null);
  let asked = 0;
  const ask = async (place: Place | null): Promise<void> => {
    const number = (asked += 1);
    const found = await askProposal(place);
    if (found && number === asked) proposal.value = found; // an answer that was overtaken says nothing any more
  };
  return { proposal, ask };
}
