import { createRouter, createWebHashHistory } from "vue-router";
import VerifyPage from "./verify/VerifyPage.vue";

/** What anybody may open without signing in. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/verify", name: "verify", component: VerifyPage },
    { path: "/:rest(.*)*", redirect: "/verify" },
  ],
});
