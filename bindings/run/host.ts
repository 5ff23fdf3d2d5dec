/** A module of Node's, without an import that would trouble a bundler. */
export function builtin<T>(name: string): T | undefined {
  const host = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return host.process?.getBuiltinModule?.(name) as T | undefined;
}

/** How many threads could run at once. */
export function hardwareThreads(): number {
  const host = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const os = builtin<{ availableParallelism?: () => number }>("node:os");
  return os?.availableParallelism?.() ?? host.navigator?.hardwareConcurrency ?? 1;
}
