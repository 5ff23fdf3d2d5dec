import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const debug = (name: string) => fileURLToPath(new URL(`build/debug/${name}.inline.js`, import.meta.url));

/** Every test runs on the release kernels; those that drive kernels run again on the debug twin, whose assertions are on. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "release", include: ["test/**/*.test.ts"], testTimeout: 60_000 } },
      {
        resolve: { alias: { "#kernels/core": debug("core"), "#kernels/generator": debug("generator") } },
        test: {
          name: "debug",
          include: ["test/kernels/*.test.ts", "test/search/*.test.ts", "test/methods/*.test.ts"],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
