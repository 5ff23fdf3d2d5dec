/** What every runtime does with the package. `load` gives the two entries: { main, generator }, functions that import them. */
import { fingerprint, numbers } from "./fingerprint.mjs";

const COLUMNS = 10;

/** 1 000 rows of 10 numbers, a fifth of them of the class to grow. */
function thousandRows() {
  const unit = numbers(2);
  const X = Float64Array.from({ length: 1000 * COLUMNS }, () => unit() + unit() - 1);
  return { X, y: Array.from({ length: 1000 }, (_, i) => (i % 5 === 0 ? "yes" : "no")), columns: COLUMNS };
}

/**
 * The fingerprint, whether both entries throw one InputError, and the milliseconds from importing the main entry to the first result on a thousand rows. `now` reads the
 * clock; `start` is given where importing began before this call.
 */
export async function probe(load, { now = () => performance.now(), start } = {}) {
  const data = thousandRows();
  const from = start ?? (await now());
  const main = await load.main();
  await main.smote({ seed: 1 }).resample(data);
  const cold = (await now()) - from;
  const generator = await load.generator();
  return { cold, oneClass: throwOneClass(main, generator), sha256: await fingerprint({ ...main, ...generator }) };
}

function throwOneClass(main, generator) {
  try {
    generator.restoreGenerator({});
  } catch (error) {
    return main.InputError === generator.InputError && error instanceof main.InputError;
  }
  return false;
}

/** What calls reject with where WebAssembly cannot be had, the first and a later one. */
export async function refusal(load) {
  const { smote } = await load.main();
  const call = () => smote().resample(thousandRows());
  return [await rejection(call), await rejection(call)];
}

async function rejection(call) {
  try {
    await call();
  } catch (error) {
    return { isError: error instanceof Error, code: error.code, message: error.message };
  }
  throw new Error("the call did not reject");
}
