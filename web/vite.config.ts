// Two pages from one package: `portal` for customers at `/`, `desk` for staff at `/desk`.
import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import elementPlus from "unplugin-element-plus/vite";
import { defineConfig, type Plugin } from "vite";

/** While developing, answer client routes as the product's own server does: `/desk/*` with the desk, the rest with the portal. */
function entryFallback(): Plugin {
  return {
    name: "entry-fallback",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = request.url?.split("?")[0] ?? "/";
        const isPage = request.headers.accept?.includes("text/html") && !path.includes(".");
        if (isPage && !path.startsWith("/api/")) {
          request.url = path === "/desk" || path.startsWith("/desk/") ? "/desk.html" : "/index.html";
        }
        next();
      });
    },
  };
}

const server = process.env["YINUO_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  appType: "mpa",
  plugins: [vue(), elementPlus({ format: "esm" }), entryFallback()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: "true", // Element Plus has a few components written that way.
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_I18N_LEGACY_API__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
  },
  server: { proxy: { "/api": { target: server }, "/log/": { target: server } } },
  build: {
    target: "es2022",
    sourcemap: false,
    // Source lies under `self` in the content security policy; data: URLs for small files would need an exception.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        portal: fileURLToPath(new URL("./index.html", import.meta.url)),
        desk: fileURLToPath(new URL("./desk.html", import.meta.url)),
      },
    },
  },
});
