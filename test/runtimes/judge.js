/**
 * The cells of a row, and what is wrong with it, if anything. A row gives a `version` and one of
 * - `report`, what app/probe.mjs found: hash, one class of error, cold milliseconds;
 * - `result`, a few words on what was found to be right, and perhaps `cold`.
 */
export function judge({ version, report, result, cold = report?.cold }, expected) {
  const failure = report && faultOf(report, expected);
  const found = report?.sha256 ? report.sha256.slice(0, 8) : result;
  const time = cold === undefined ? "" : cold.toFixed(cold < 10 ? 1 : 0);
  return { cells: [version, failure ? "failed" : `${found} ✓`, failure ? "" : time], failure };
}

function faultOf({ failure, sha256, oneClass, cold }, expected) {
  if (failure) return failure;
  if (sha256 !== expected) return `the fingerprint is ${sha256}, but ${expected} was expected`;
  if (!oneClass) return "the two entries do not throw one InputError";
  if (!(cold >= 0)) return `the time is ${cold}`;
  return undefined;
}

/** What a call without WebAssembly rejects with, twice: an Error with this code, whose message contains `word`. */
export function checkRefusal(rejections, code, word) {
  const right = rejections.length === 2 && rejections.every((it) => it.isError && it.code === code && it.message.includes(word));
  if (!right) throw new Error(`expected an Error with code ${code} that says ${word}, twice, but got ${JSON.stringify(rejections)}`);
  return `one error, ${code}`;
}
