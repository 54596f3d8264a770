// The app is served by the site under /app/. Its policy allows scripts from the site only: nothing inlined, no data: URLs.
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const site = process.env.PORCHLIGHT_SITE ?? "http://localhost:8001";

export default defineConfig({
  base: "/app/",
  plugins: [preact({ prefreshEnabled: false })],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // `visitor` is the light on public pages, found by the site in the manifest.
    rollupOptions: { input: { app: "index.html", visitor: "src/visitor.ts" } },
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "^/(api|_allauth|\\.well-known|@|media)": site,
      "/signaling": { target: site, ws: true },
    },
  },
});
