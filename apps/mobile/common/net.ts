/** Whether the server can be reached, as far as this phone can tell. Being offline is a state, not an error. */
import { computed, ref } from "vue";

const hasNetwork = ref(navigator.onLine);
const isServerThere = ref(true);

addEventListener("online", () => (hasNetwork.value = isServerThere.value = true));
addEventListener("offline", () => (hasNetwork.value = false));

export const isOffline = computed(() => !hasNetwork.value || !isServerThere.value);
export const heardServer = (): void => void (isServerThere.value = true);
export const missedServer = (): void => void (isServerThere.value = false);
