import { onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { FeedConnection, type ConnectionState } from "./connection";
import { applyFact, applyPosition, pictureFrom, type Fact, type Picture } from "./picture";

/** The live picture while the component is mounted: what is known, how the connection is, when the server was last heard. */
export function useFeed(options: { areaCode?: string; onFact?: (fact: Fact) => void } = {}) {
  const picture = shallowRef<Picture | null>(null);
  const connection = ref<ConnectionState>("connecting");
  const heardAt = ref<number | null>(null);

  const feed = new FeedConnection(
    {
      snapshot: (snapshot) => (picture.value = pictureFrom(snapshot)),
      fact: (fact) => {
        if (picture.value) picture.value = applyFact(picture.value, fact);
        options.onFact?.(fact);
      },
      position: (position) => {
        if (picture.value) picture.value = applyPosition(picture.value, position);
      },
      state: (state) => (connection.value = state),
      heard: () => (heardAt.value = Date.now()),
    },
    { areaCode: options.areaCode },
  );

  onMounted(() => feed.start());
  onBeforeUnmount(() => feed.stop());
  return { picture, connection, heardAt };
}
