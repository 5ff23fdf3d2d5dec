import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const debug = (name: string) => fileURLToPath(new URL(`build/debug/${name}.inline.js`, import.meta.url));

/** Every test runs on the release kernels; those that drive kernels run again on the debug twin, whose assertions are on. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "release", include: ["test/**/*.test.ts"], testTimeout: 60_000 } },
      {
        resolve: {
          alias: Object.fromEntries(["core", "generator", "stats", "learn", "density"].map((name) => [`#kernels/${name}`, debug(name)])),
        },
        test: {
          name: "debug",
          include: ["kernels", "search", "cluster", "density", "learn", "methods"].map((room) => `test/${room}/*.test.ts`),
          testTimeout: 60_000,
        },
      },
    ],
  },
});
