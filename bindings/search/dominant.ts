import { show } from "../check";
import { featuresOf, type Dataset } from "../data/dataset";
import { METRIC, type Space } from "./space";

/** A column that carries more than this share of the squared distances decides alone who is near. */
const DOMINANT = 0.9;

/**
 * The column that carries nearly all of the expected squared distance between two random rows: 2σ² for a numeric column, the chance of a mismatch times
 * its weight for a nominal one.
 */
function dominantColumn(data: Dataset, rows: Uint32Array, space: Space): { name: string; share: number } | undefined {
  const { schema } = data;
  if (schema.d + schema.q < 2 || space.metric & METRIC.valueDifference) return undefined;
  const manhattan = space.metric & METRIC.manhattan;
  // two normal values are 2σ² apart, squared; not squared 2σ / √π
  const numeric = featuresOf(schema, "numeric").map(({ name, place }) => {
    const squared = 2 * space.variances[place]!;
    return { name, part: manhattan ? Math.sqrt(0.6366 * squared) : squared };
  });
  const nominal = featuresOf(schema, "nominal").map(({ name, place, levels }) => {
    const counts = new Float64Array(levels!.length + 1);
    for (const i of rows) counts[data.nominal[i * schema.q + place]!]! += 1;
    const equal = counts.reduce((sum, count) => sum + (count / rows.length) * (count / rows.length), 0);
    return { name, part: space.weight * (1 - equal) };
  });
  const parts = [...numeric, ...nominal];
  const total = parts.reduce((sum, { part }) => sum + part, 0);
  const most = parts.reduce((a, b) => (b.part > a.part ? b : a));
  return most.part > DOMINANT * total ? { name: most.name, share: most.part / total } : undefined;
}

/** Tells the user when one column decides alone who is near. */
export function noteDominant(data: Dataset, rows: Uint32Array, space: Space, where: string, note: (sentence: string) => void): void {
  const dominant = dominantColumn(data, rows, space);
  if (!dominant) return;
  note(
    `Column ${show(dominant.name)} carries ${Math.floor(dominant.share * 100)} % of the ${space.metric & METRIC.manhattan ? "" : "squared "}distances in ${where}; scale: "standard" gives columns equal say.`,
  );
}
