import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";

export const CLI = resolve(import.meta.dirname, "../../dist/cli.js");
export const PENGUINS = resolve(import.meta.dirname, "../../examples/penguins.csv");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  readonly path: (name?: string) => string;
  /** Writes a file and returns its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
  /** Runs the built command line. */
  readonly run: (...args: string[]) => Promise<Ran>;
  readonly runWith: (how: { input?: string | Uint8Array; env?: Record<string, string> }, ...args: string[]) => Promise<Ran>;
}

/** A folder of its own for the tests of one file. */
export function workplace(): Workplace {
  let folder = "";
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "counterpoise-"))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const runWith: Workplace["runWith"] = ({ input, env }, ...args) =>
    new Promise((done) => {
      const options = { cwd: folder, maxBuffer: 1e9, env: { ...process.env, ...env } };
      const child = execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) =>
        done({ code: error ? (error.code as unknown as number) : 0, stdout, stderr }),
      );
      child.stdin!.on("error", () => undefined);
      child.stdin!.end(input);
    });
  return {
    path: (name = "") => join(folder, name),
    file: (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    run: (...args) => runWith({}, ...args),
    runWith,
  };
}
