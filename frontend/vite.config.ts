// The app is served by the site under /app/. Its policy allows scripts from the site only: nothing inlined, no data: URLs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import preact from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";

const site = process.env.PORCHLIGHT_SITE ?? "http://localhost:8001";

/** Beside each file the same in gzip, which the site and nginx send to those who take it. */
function gzipped(): Plugin {
  return {
    name: "gzipped",
    apply: "build",
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of Object.keys(bundle)) {
        const file = join(dir, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/app/",
  plugins: [preact({ prefreshEnabled: false }), gzipped()],
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
