// The suites that a real browser runs, as one script.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  resolve: { alias: { vitest: here("vitest.ts") } },
  build: {
    target: "es2022",
    minify: false,
    lib: { entry: here("links.ts"), formats: ["es"], fileName: () => "links.js" },
  },
});
