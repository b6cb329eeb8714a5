import { createRouter, createWebHashHistory, type RouteRecordRaw } from "vue-router";

/** One line a page; the menu shows those with a `menu`. Words are looked up when shown, so that the language can change. */
export const routes: RouteRecordRaw[] = [
  { path: "/", name: "home", component: () => import("../home/pages/HomePage.vue") },
  { path: "/sources", name: "sources", component: () => import("../sources/pages/SourcesPage.vue") },
  { path: "/sources/import", name: "source-import", component: () => import("../sources/pages/ImportPage.vue") },
  { path: "/sources/:id", name: "source", props: true, component: () => import("../sources/pages/SourceFilePage.vue") },
  { path: "/clues", name: "clues", component: () => import("../clues/pages/CluesPage.vue") },
  { path: "/clues/:id", name: "clue", props: true, component: () => import("../clues/pages/CluePage.vue") },
  { path: "/tasks", name: "tasks", component: () => import("../dispatch/pages/TasksPage.vue") },
  { path: "/tasks/:id", name: "task", props: true, component: () => import("../dispatch/pages/TaskPage.vue") },
  { path: "/inspections", name: "inspections", component: () => import("../inspections/pages/InspectionsPage.vue") },
  { path: "/inspections/:id", name: "inspection", props: true, component: () => import("../inspections/pages/InspectionPage.vue") },
  { path: "/problems", name: "problems", component: () => import("../problems/pages/ProblemsPage.vue") },
  { path: "/problems/:id", name: "problem", props: true, component: () => import("../problems/pages/ProblemPage.vue") },
  { path: "/missions", name: "missions", component: () => import("../drones/pages/MissionsPage.vue") },
  { path: "/missions/new", name: "mission-plan", component: () => import("../drones/pages/PlanPage.vue") },
  { path: "/missions/aircraft", name: "aircraft", component: () => import("../drones/pages/AircraftPage.vue") },
  { path: "/missions/no-fly-zones", name: "no-fly-zones", component: () => import("../drones/pages/ZonesPage.vue") },
  { path: "/missions/:id", name: "mission", props: true, component: () => import("../drones/pages/MissionPage.vue") },
  { path: "/referrals", name: "referrals", component: () => import("../referrals/pages/ReferralsPage.vue") },
  { path: "/referrals/:id", name: "referral", props: true, component: () => import("../referrals/pages/ReferralPage.vue") },
  { path: "/memoranda", name: "memoranda", component: () => import("../alliances/pages/MemorandaPage.vue") },
  { path: "/memoranda/:id", name: "memorandum", props: true, component: () => import("../alliances/pages/MemorandumPage.vue") },
  { path: "/trackers", name: "trackers", component: () => import("../trackers/pages/TrackersPage.vue") },
  { path: "/streams", name: "streams", component: () => import("../streams/pages/StreamsPage.vue") },
  { path: "/efficiency", name: "efficiency", component: () => import("../efficiency/pages/EfficiencyPage.vue") },
  { path: "/:rest(.*)*", redirect: "/" },
];

export const router = createRouter({ history: createWebHashHistory(), routes });
