import { createRouter, createWebHashHistory } from "vue-router";
import VerifyPage from "./verify/VerifyPage.vue";
import VisitPage from "./visit/VisitPage.vue";

/** What anybody may open without signing in. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/verify", name: "verify", component: VerifyPage },
    { path: "/visit/:token", name: "visit", component: VisitPage, props: true },
    { path: "/:rest(.*)*", redirect: "/verify" },
  ],
});
