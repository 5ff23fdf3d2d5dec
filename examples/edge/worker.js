/**
 * Synthetic rows from an edge function: GET /rows?label=Chinstrap&from=0&to=100 answers with rows 0 to 99 of the class, as JSON. The generator was fitted elsewhere, see
 * make-generator.js; here 8 kB gzipped restore it and make rows, the same bytes in every location.
 */
import { InputError, restoreGenerator } from "counterpoise/generator";
import stored from "./generator.json";

const MOST_ROWS = 10_000;
const generator = restoreGenerator(stored);

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method !== "GET" || pathname !== "/rows") return sorry(404, "Try GET /rows?label=Chinstrap&from=0&to=100.");
    try {
      const { label, from, to } = read(searchParams);
      const { data } = await generator.sample(label, from, to);
      return Response.json(data);
    } catch (error) {
      if (error instanceof InputError) return sorry(400, error.message);
      throw error;
    }
  },
};

/** A label is a text here, but may be a number or a boolean in the table; the generator itself refuses what is no label or no range. */
function read(query) {
  const text = query.get("label") ?? "";
  const from = Number(query.get("from") ?? 0);
  const to = Number(query.get("to") ?? from + 100);
  if (to - from > MOST_ROWS)
    throw new InputError("OPTION", `from ${from} to ${to} is more than ${MOST_ROWS} rows; ask for fewer at a time.`);
  return { label: generator.labels.find((label) => String(label) === text) ?? text, from, to };
}

function sorry(status, error) {
  return Response.json({ error }, { status });
}
