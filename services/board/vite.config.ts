import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// Where the services answer while the page is worked on (`npm run dev`).
const SERVICES = process.env.BAIRI_SERVICES ?? "http://localhost:8000";
const PATHS = ["/registry", "/scoring", "/notifier", "/openapi.json", "/docs"];

export default defineConfig({
  base: "./",
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
  build: {
    // The last browsers of older desks, of Windows 7 too.
    target: ["chrome109", "firefox115", "safari16.4"],
    manifest: true,
    // A file of its own, so that the content security policy needs no exception for `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(PATHS.map((path) => [path, { target: SERVICES }])),
  },
});
