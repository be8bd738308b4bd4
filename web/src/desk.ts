/** Entry of the company's own pages. */
import "element-plus/theme-chalk/dark/css-vars.css";
import "./ui/tokens.css";
import "./ui/base.css";

import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";

import { whenSignedOut } from "./api/client";
import { expired, forgetSession, loadSession, session } from "./features/session/session";
import DeskShell from "./shell/DeskShell.vue";
import { i18n, startLanguage } from "./shell/i18n";

const router = createRouter({
  history: createWebHistory("/desk"),
  routes: [
    { path: "/", redirect: "/tickets" },
    { path: "/sign-in", component: () => import("./features/session/SignInPage.vue"), meta: { open: true } },
    { path: "/setup", component: () => import("./features/session/SetUpPage.vue"), meta: { open: true } },
    { path: "/tickets", component: () => import("./features/tickets/ListPage.vue") },
    { path: "/tickets/:id", component: () => import("./features/tickets/TicketPage.vue"), props: true },
    { path: "/search", component: () => import("./features/search/SearchPage.vue") },
    { path: "/new", component: () => import("./features/requests/EntryPage.vue") },
    { path: "/figures", component: () => import("./features/figures/FiguresPage.vue") },
    { path: "/commitments", component: () => import("./features/commitments/CommitmentsPage.vue") },
    { path: "/knowledge", component: () => import("./features/knowledge/KnowledgePage.vue") },
    { path: "/knowledge/:id", component: () => import("./features/knowledge/ArticlePage.vue"), props: true },
    { path: "/ledger", component: () => import("./features/ledger/LedgerPage.vue") },
    { path: "/understanding", component: () => import("./features/understanding/UnderstandingPage.vue") },
    { path: "/phrases", component: () => import("./features/phrases/PhrasesPage.vue") },
    { path: "/people", component: () => import("./features/people/PeoplePage.vue") },
    { path: "/:rest(.*)*", component: () => import("./shell/NotFound.vue") },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

const signInFor = (path: string) => ({ path: "/sign-in", query: path === "/" ? {} : { next: path } });

router.beforeEach((to) => {
  if (to.meta["open"] === true || session.value) return true;
  return signInFor(to.fullPath);
});

whenSignedOut(() => {
  if (!session.value) return;
  forgetSession();
  expired.value = true;
  void router.replace(signInFor(router.currentRoute.value.fullPath));
});

await startLanguage("desk");
try {
  await loadSession();
} catch {
  // The server cannot be reached: the sign-in page says so when it is used.
}
createApp(DeskShell).use(i18n).use(router).mount("#app");
