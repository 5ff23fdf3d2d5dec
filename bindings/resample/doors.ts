import { show } from "../check";
import type { Oversampler } from "../contracts";
import { InputError } from "../errors";

/** Whether a value is an oversampler: it has streams of rows to ask for, as what only filters or removes rows has not. */
export function isOversampler(value: unknown): value is Oversampler {
  const { fit, resample } = (value ?? {}) as Partial<Oversampler>;
  return typeof fit === "function" && typeof resample === "function";
}

/** @throws {InputError} unless the option `oversampler` is one. */
export function checkOversampler(value: unknown): void {
  if (isOversampler(value)) return;
  throw new InputError(
    "OPTION",
    `oversampler is ${show(value)}, but needs what smote() or another oversampler returns; what only filters or removes rows has no stream of rows.`,
  );
}
