/** Entry of the customers' pages. */
import "element-plus/theme-chalk/dark/css-vars.css";
import "./ui/tokens.css";
import "./ui/base.css";

import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";

import { i18n, startLanguage } from "./shell/i18n";
import PortalShell from "./shell/PortalShell.vue";

const router = createRouter({
  history: createWebHistory("/"),
  routes: [
    { path: "/", component: () => import("./features/commitments/PortalHome.vue") },
    { path: "/commitments/:number", component: () => import("./features/commitments/LetterPage.vue"), props: true },
    { path: "/submit", component: () => import("./features/requests/SubmitPage.vue") },
    { path: "/follow", component: () => import("./features/requests/FollowPage.vue") },
    { path: "/receipt", component: () => import("./features/receipts/PrintPage.vue") },
    { path: "/verify", component: () => import("./features/receipts/VerifyPage.vue") },
    { path: "/:rest(.*)*", component: () => import("./shell/NotFound.vue") },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

await startLanguage("portal");
createApp(PortalShell).use(i18n).use(router).mount("#app");
