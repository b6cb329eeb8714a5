import { createApp } from "vue";
import "vant/lib/index.css";
import "./mobile.css";
import { askToPersist } from "./outbox/db";
import App from "./App.vue";
import { askServer, recall } from "./common/account";
import { makeGood } from "./common/second";
import { showTheme } from "./common/theme";
import { keepSending } from "./common/sending";
import { followOrders } from "./tasks/use/follow";
import { makeRouter } from "./frame/router";
import { followUpdates } from "./frame/update";
import { followLanguage } from "./frame/language";

/** The phone's own memory first: the app must open, with everything in it, when no server answers. */
async function start(): Promise<void> {
  showTheme();
  followLanguage();
  await makeGood();
  await recall();
  const router = makeRouter();
  createApp(App).use(router).mount("#app");
  keepSending();
  followOrders((path) => void router.push(path));
  followUpdates();
  await Promise.allSettled([askServer(), askToPersist()]);
}

void start();
