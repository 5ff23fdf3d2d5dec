/** GET /rows?label=yes&from=0&to=100 → [status, what to say as JSON]. */
import { InputError } from "counterpoise/generator";

const MOST_ROWS = 100_000;

/** Without from and to: the rows that bring the class to the size that training asked for. */
export async function answer(generator, method, address) {
  const { pathname, searchParams } = new URL(address, "http://localhost");
  if (method !== "GET" || pathname !== "/rows") return [404, { error: "Try GET /rows?label=Chinstrap&from=0&to=100." }];
  const text = searchParams.get("label") ?? "";
  const label = generator.labels.find((known) => String(known) === text) ?? text;
  const from = Number(searchParams.get("from") ?? 0);
  const to = Number(searchParams.get("to") ?? generator.counts.get(label) ?? from);
  if (to - from > MOST_ROWS) return [400, { error: `from ${from} to ${to} is more than ${MOST_ROWS} rows; ask for fewer at a time.` }];
  try {
    const { data } = await generator.sample(label, from, to);
    return [200, data];
  } catch (error) {
    if (error instanceof InputError) return [400, { error: error.message }];
    throw error;
  }
}
