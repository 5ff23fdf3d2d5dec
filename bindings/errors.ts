/** What was wrong with a call; stable, for programs. */
export type InputErrorCode = "OPTION" | "DATA" | "COLUMN" | "LABEL" | "STRATEGY" | "TOO_FEW_ROWS" | "OVERFLOW" | "GENERATOR";

/** The caller's fault. The message is one sentence: what was given, what is needed, what to try. */
export class InputError extends Error {
  /** Stable, for programs. */
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string) {
    super(message);
    this.name = "InputError";
    this.code = code;
  }
}

/** A fault of the surroundings: no SIMD, a content policy, too little memory. */
export function environmentError(code: string, message: string, cause?: unknown): Error & { code: string } {
  return Object.assign(new Error(message, { cause }), { code });
}
