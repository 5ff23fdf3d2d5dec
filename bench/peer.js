/** Programs that stay alive and answer one job at a time: a line of JSON in, a line of JSON out; the first line out names versions. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A started program, or undefined if it ended before it told its versions. `environment` is added to this process's. */
export async function startPeer(program, args, environment = {}) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // both end in an answer that does not come, which `next` tells of
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  const next = async () => {
    const { value, done } = await answers.next();
    return done ? undefined : JSON.parse(value);
  };
  const versions = await next();
  if (versions === undefined) return undefined;
  return {
    versions,
    stop: () => child.stdin.end(),
    /** The answer, or undefined if none came within `limit` milliseconds; the program is ended then. */
    async ask(job, limit) {
      let late = false;
      const end = () => {
        late = true;
        child.kill("SIGKILL");
      };
      const timer = limit === undefined ? undefined : setTimeout(end, limit);
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const answer = await next();
      clearTimeout(timer);
      if (late) return undefined;
      if (answer === undefined) throw new Error(`${program} ${args.join(" ")} ended at ${JSON.stringify(job)}.`);
      if (answer.error) throw new Error(`${program} ${args.join(" ")}: ${answer.error}`);
      return answer;
    },
  };
}
