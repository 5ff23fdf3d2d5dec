import { show } from "../check";
import { environmentError, InputError } from "../errors";

/** For `import("…").catch(…)`: a package that is not installed is the surroundings' fault, told in one sentence. */
export function notInstalled(where: string, ...names: readonly string[]): (cause: unknown) => never {
  return (cause) => {
    const needed = names.length === 1 ? `the package ${names[0]}` : `one of the packages ${names.join(" and ")}`;
    throw environmentError("NO_PACKAGE", `${where} needs ${needed}, which could not be loaded; run npm install ${names[0]}.`, cause);
  };
}

/** What a source of the caller's threw while bytes were fetched: handed on as it is, because the bytes are not to blame. */
export class SourceFault {
  constructor(readonly cause: unknown) {}
}

/**
 * Runs what decodes bytes. Whatever a library throws at bytes it cannot read becomes one sentence.
 * @throws {InputError} with code "DATA"
 */
export async function decoding<T>(where: string, file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceFault) throw error.cause;
    if (error instanceof InputError || isEnvironmentError(error)) throw error;
    throw unreadable(where, file, reasonOf(error));
  }
}

/** The one error for bytes that are not what they should be. */
export function unreadable(where: string, file: string, reason: string): InputError {
  return new InputError(
    "DATA",
    `${where} was given bytes that are no intact ${file} (${reason}); give all bytes of one file, as they were written.`,
  );
}

/**
 * Bytes of an ArrayBuffer or of any view, without a copy.
 * @throws {InputError} for anything else.
 */
export function bytesOf(where: string, given: unknown): Uint8Array {
  if (given instanceof Uint8Array) return given;
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (isBuffer(given)) return new Uint8Array(given);
  throw new InputError(
    "DATA",
    `${where} was given ${show(given)}, but needs the bytes of a file as ArrayBuffer or Uint8Array; try await readFile(path) or await response.arrayBuffer().`,
  );
}

/** Whether this is an ArrayBuffer, also one of another realm, or a shared one. */
function isBuffer(given: unknown): given is ArrayBuffer {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));
}

/** Errors about the surroundings carry a code in capitals and our sentence. */
function isEnvironmentError(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "NO_PACKAGE";
}

/** What a library said, in one line; faults of its own, at values it did not expect, say nothing to the caller. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || /^(Type|Range|Syntax|Reference)Error$/.test(error.name)) return "its parts contradict each other";
  const [line = ""] = error.message.split("\n");
  const short = line.length > 120 ? `${line.slice(0, 117)}…` : line;
  return short.replace(/[.\s]+$/, "") || "it cannot be decoded";
}
