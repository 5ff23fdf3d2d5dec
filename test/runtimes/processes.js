/** Runtimes that are programs: Node, Deno, Bun. */
import { join } from "node:path";
import { checkRefusal } from "./judge.js";
import { service } from "./service.js";
import { denoProgram, run, tool } from "./tools.js";

export function node(place) {
  const newest = join(place.root, "node_modules/node/bin/node");
  const rows = [tool("node20/bin/node"), tool("node22/bin/node"), newest].flatMap((program) =>
    ["import.mjs", "require.cjs"].map((file) => [program, file]),
  );
  return [
    ...rows.map(([program, file]) => ({
      runtime: `Node, ${file.split(".")[0]}`,
      run: async () => ({ version: await versionOf(program), report: await report(program, [file], place) }),
    })),
    { runtime: "Node without SIMD", run: () => withoutSimd(newest, place) },
    { runtime: "examples/service", run: async () => ({ version: await versionOf(newest), ...(await service(newest, place)) }) },
  ];
}

export function deno(place) {
  const args = ["run", "--allow-read", "--cached-only", "--node-modules-dir=manual", "import.mjs"];
  return [
    {
      runtime: "Deno",
      run: async () => {
        const program = denoProgram();
        return { version: (await versionOf(program)).split(" ")[1], report: await report(program, args, place) };
      },
    },
  ];
}

export function bun(place) {
  const program = tool("bun/bin/bun.exe");
  return [
    { runtime: "Bun", run: async () => ({ version: await versionOf(program), report: await report(program, ["import.mjs"], place) }) },
  ];
}

async function versionOf(program) {
  const { stdout } = await run(program, ["--version"]);
  return stdout.trim().split("\n")[0];
}

/** The report of a new process, which may not print anything else, warnings included. */
async function report(program, args, { folder }) {
  const { stdout, stderr } = await run(program, args, { cwd: folder });
  if (stderr) throw new Error(`${program} ${args.join(" ")} printed ${stderr}`);
  return JSON.parse(stdout);
}

/** V8 has no SIMD where it may not use SSE 4.1: a processor of the kind that the package refuses. */
async function withoutSimd(program, place) {
  if (process.arch !== "x64") throw new Error("SIMD can be switched off on x64 only");
  const rejections = await report(program, ["--no-enable-sse4-1", "import.mjs", "refusal"], place);
  return { version: await versionOf(program), result: checkRefusal(rejections, "NO_SIMD", "SIMD") };
}
