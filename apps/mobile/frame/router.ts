import { createRouter, createWebHashHistory, type Router } from "vue-router";
import { actor } from "../common/account";
import LivePage from "../live/LivePage.vue";
import MePage from "../me/pages/MePage.vue";
import CertificatePage from "../paper/pages/CertificatePage.vue";
import InterviewPage from "../paper/pages/InterviewPage.vue";
import TellPage from "../neighbour/pages/TellPage.vue";
import RecordPage from "../records/pages/RecordPage.vue";
import RecordsPage from "../records/pages/RecordsPage.vue";
import SignInPage from "../signin/SignInPage.vue";
import EnterprisePage from "../tasks/pages/EnterprisePage.vue";
import LawPage from "../tasks/pages/LawPage.vue";
import MapPage from "../tasks/pages/MapPage.vue";
import TaskPage from "../tasks/pages/TaskPage.vue";
import TodayPage from "../tasks/pages/TodayPage.vue";
import ArrivePage from "../visit/pages/ArrivePage.vue";
import PhotoPage from "../visit/pages/PhotoPage.vue";
import ProblemPage from "../visit/pages/ProblemPage.vue";
import RecorderPage from "../visit/pages/RecorderPage.vue";
import RectifyPage from "../visit/pages/RectifyPage.vue";
import SamplePage from "../visit/pages/SamplePage.vue";
import SketchPage from "../visit/pages/SketchPage.vue";
import VisitPage from "../visit/pages/VisitPage.vue";
import VisitsPage from "../visit/pages/VisitsPage.vue";

declare module "vue-router" {
  interface RouteMeta { tab?: "tasks" | "visits" | "records" | "me"; isOpen?: boolean }
}

/**
 * Addresses behind `#`, so that every page opens from the phone without a server. All pages are in the one
 * bundle: a page of an older version must never need a file that a newer version has replaced.
 */
export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(import.meta.env.BASE_URL),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      { path: "/", component: TodayPage, meta: { tab: "tasks" } },
      { path: "/task/:id", component: TaskPage, props: true },
      { path: "/task/:id/file", component: EnterprisePage, props: true },
      { path: "/task/:id/map", component: MapPage, props: true },
      { path: "/task/:id/law", component: LawPage, props: true },
      { path: "/task/:id/arrive", component: ArrivePage, props: true },
      { path: "/visit/:id/problem", component: ProblemPage, props: true },
      { path: "/visit/:id/problem/:problem/rectify", component: RectifyPage, props: true },
      { path: "/visit/:id/record/:kind(video|voice)", component: RecorderPage, props: true },
      { path: "/visit/:id/live", component: LivePage, props: true },
      { path: "/visit/:id/sketch", component: SketchPage, props: true },
      { path: "/visit/:id/sample", component: SamplePage, props: true },
      { path: "/visit/:id/photo/:sha256", component: PhotoPage, props: true },
      { path: "/visit/:id/certificate", component: CertificatePage, props: true },
      { path: "/visit/:id/interview/:interview", component: InterviewPage, props: true },
      { path: "/visit/:id/:step?", component: VisitPage, props: true },
      { path: "/tell/:sha256", component: TellPage, props: true },
      { path: "/visits", component: VisitsPage, meta: { tab: "visits" } },
      { path: "/records", component: RecordsPage, meta: { tab: "records" } },
      { path: "/records/:id", component: RecordPage, props: true },
      { path: "/me", component: MePage, meta: { tab: "me" } },
      { path: "/signin", component: SignInPage, meta: { isOpen: true } },
      { path: "/:other(.*)*", redirect: "/" },
    ],
  });
  router.beforeEach((to) => (actor.value === null && !to.meta.isOpen ? "/signin" : true));
  return router;
}
