import { onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { applyCarriers, type Carriers } from "./carriers";
import { FeedConnection, type ConnectionState } from "./connection";
import { applyFact, applyPlaces, pictureFrom, type Fact, type Picture } from "./picture";
import { Whereabouts, type WhereaboutsState } from "./whereabouts";

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
      state: (state) => (connection.value = state),
      heard: () => (heardAt.value = Date.now()),
    },
    { areaCode: options.areaCode },
  );

  onMounted(() => feed.start());
  onBeforeUnmount(() => feed.stop());
  return { picture, connection, heardAt };
}

/** The live picture with where everybody is. That somebody looks is written down, so only a map that shows it asks. */
export function useFeedWithWhereabouts() {
  const feed = useFeed();
  const whereabouts = ref<WhereaboutsState>("connecting");
  const carriers = shallowRef<Carriers>({});
  const live = new Whereabouts({
    frame: (frame) => {
      if (feed.picture.value) feed.picture.value = applyPlaces(feed.picture.value, frame.places);
      carriers.value = applyCarriers(carriers.value, frame);
    },
    state: (state) => (whereabouts.value = state),
  });
  onMounted(() => live.start());
  onBeforeUnmount(() => live.stop());
  return { ...feed, whereabouts, carriers };
}
