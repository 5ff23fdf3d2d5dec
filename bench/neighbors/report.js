/** The page: what was measured, as Markdown. */
import { cpus, totalmem } from "node:os";
import { cell as timesCell, geometricMean, median } from "../summary.js";
import { contendersOf } from "./contenders.js";

const SHAPES = {
  Gaussian: "Independent normal columns: no structure to use, the hardest case for a tree.",
  clustered: "50 normal clusters, of differing sizes and spreads.",
  "rank 5": "Mixtures of at most 5 hidden normal columns, with 5 % noise.",
  real: "Numeric columns as they are in the file, unscaled; digits are scikit-learn's.",
};

/** The whole page, from the records of cells and the columns of ours and of peers. */
export function page(records, own, peers) {
  const compared = records.filter(({ outcomes }) => Object.keys(outcomes).length > own.length);
  const shapes = Object.keys(SHAPES).filter((shape) => compared.some((record) => record.shape === shape));
  const sections = [
    head(records, own),
    summary(compared, own, peers),
    ...shapes.map((shape) =>
      section(
        shape,
        compared.filter((record) => record.shape === shape),
        own,
        peers,
      ),
    ),
    huge(
      records.filter((record) => !compared.includes(record)),
      own,
    ),
  ];
  return `${sections.filter(Boolean).join("\n\n").trim()}\n`;
}

function head(records, own) {
  const versions = Object.entries(Object.assign({}, ...records.map((record) => record.versions)));
  const loads = records.map(({ load }) => load);
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  return `# Exact nearest neighbors

${machine}; ${versions.map((pair) => pair.join(" ")).join(", ")}. Written by \`npm run bench:neighbors -- --write\`.

The 5 nearest other rows of every row, from rows in memory to a table of neighbors: building an index is part of it. Milliseconds, median (least–most), one number where there was
one call. Everybody is warm, and takes turns in one run. Ratios are a peer's time over ours with as many threads${own.some(({ threads }) => threads === 2) ? "" : "; this build has one"}. Ours reads and compares f64; faiss,
hnswlib and usearch read f32. scikit-learn is the best of kd_tree, ball_tree and brute, which has "auto" in it, given f64; its trees compute in f64 whatever they are
given, so its f32 is brute. Recall: neighbors found that are no farther than the fifth nearest, for exact peers given where rounding lost some. Graphs are built with 16 links;
hnswlib looks at 200 rows while building and 64 while searching, usearch at its default of 128 and 64. Limits of a call: 10 s for trees and for packages from npm, 60 s for the others. "Left out"
gives a lower bound: ten times the time for a tenth of the rows, for ml-knn, whose tree prunes nothing, a hundred times. Every list of a peer was compared with ours: none has a nearer row.
The load of the machine was ${load} at the ends of the cells; the bench itself makes up to 2 of it, and where it was more, others had their share of the cores.`;
}

/** Ratios of each peer over groups of cells. */
function summary(records, own, peers) {
  const groups = Object.entries({
    "1 000 rows": ({ shape, n }) => shape !== "real" && n === 1e3,
    "10 000 rows": ({ shape, n }) => shape !== "real" && n === 1e4,
    "100 000 rows": ({ shape, n }) => shape !== "real" && n === 1e5,
    "real tables": ({ shape }) => shape === "real",
    all: () => true,
  });
  const rows = peers.map((column) => {
    const ratios = records.flatMap((record) => ratioOf(record, column, own) ?? []);
    const means = groups.map(([, belongs]) => {
      const values = records.filter(belongs).flatMap((record) => ratioOf(record, column, own) ?? []);
      return values.length ? `${times(geometricMean(values))} (${values.length})` : "";
    });
    const least = Math.min(...ratios);
    const where = records.find((record) => ratioOf(record, column, own) === least)?.name ?? "";
    return [column.title, ...means, ratios.length ? times(least) : "", where];
  });
  const header = ["peer", ...groups.map(([name]) => name), "least ratio", "where"];
  return `## Ratios

Geometric means (of so many cells). Cells past a limit are not in them: they would raise them.

${table([header, ...rows])}`;
}

function section(shape, records, own, peers) {
  const exact = peers.filter(({ approximate }) => !approximate);
  const main = own.filter(({ variant }) => !variant);
  const rows = (columns, extra) =>
    records.map((record) => [
      label(record),
      ...main.map((column) => ours(record, column)),
      ...columns.map((column) => peer(record, column, own)),
      ...extra(record),
    ]);
  const header = (columns) => ["rows × columns", ...main.map(({ title }) => title), ...columns.map(({ title }) => title)];
  const memory = (record) => [main.map((column) => megabytes(record, column)).join(", ")];
  const near = peers.filter(({ approximate }) => approximate);
  const variants = own.filter(({ variant }) => variant);
  const parts = [
    `## ${shape[0].toUpperCase()}${shape.slice(1)}`,
    SHAPES[shape],
    table([[...header(exact), "peak MB of ours (before the search)"], ...rows(exact, memory)]),
    "Approximate peers, with the share of the neighbors that they found:",
    table([header(near), ...rows(near, () => [])]),
  ];
  if (variants.length) {
    const lines = records.map((record) => [label(record), ...[...main, ...variants].map((column) => ours(record, column))]);
    parts.push("Ours by algorithm:", table([["rows × columns", ...[...main, ...variants].map(({ title }) => title)], ...lines]));
  }
  return parts.join("\n\n");
}

function huge(records, own) {
  if (!records.length) return "";
  const main = own.filter(({ variant }) => !variant);
  const rows = records.map((record) => [record.name, ...main.flatMap((column) => [ours(record, column), megabytes(record, column)])]);
  const header = ["table", ...main.flatMap(({ title }) => [title, "peak MB (before)"])];
  return ["## A million rows", "Ours only, one call.", table([header, ...rows])].join("\n\n");
}

function label({ shape, name, n, columns }) {
  return shape === "real" ? `${name}, ${n} × ${columns}` : `${n} × ${columns}`;
}

function ours({ outcomes }, column) {
  const outcome = best(outcomes, column);
  return outcome ? timesCell(outcome.times) : excuse(outcomes, column);
}

function peer(record, column, own) {
  const outcome = best(record.outcomes, column);
  if (!outcome) return excuse(record.outcomes, column);
  const lossy = column.approximate || outcome.recall < 1;
  const words = [
    timesCell(outcome.times),
    ...(new Set(column.entries.map(([, method]) => method)).size > 1 ? [outcome.method] : []),
    `**${times(ratioOf(record, column, own))}**`,
    ...(lossy ? [`recall ${recall(outcome.recall)}`] : []),
  ];
  return words.join(", ");
}

/** Why a column has no time. */
function excuse(outcomes, column) {
  const all = contendersOf(column).flatMap(({ id }) => outcomes[id] ?? []);
  if (all.every(({ missing }) => missing)) return "not installed";
  const late = all.find((outcome) => outcome.late);
  if (late) return `> ${late.late / 1000} s`;
  return `left out, > ${(Math.min(...all.flatMap(({ leftOut }) => leftOut ?? [])) / 1000).toFixed(0)} s`;
}

/** The contender of a column with the least median. */
function best(outcomes, column) {
  return contendersOf(column)
    .flatMap(({ id, method }) => (outcomes[id]?.times ? [{ ...outcomes[id], method }] : []))
    .toSorted((a, b) => median(a.times) - median(b.times))[0];
}

/** A peer's median over that of ours with as many threads, or with one where this build has no more. */
function ratioOf({ outcomes }, column, own) {
  const main = own.filter(({ variant }) => !variant);
  const equal = main.find(({ threads }) => threads === column.threads) ?? main[0];
  const [theirs, mine] = [best(outcomes, column), best(outcomes, equal)];
  return theirs && mine ? median(theirs.times) / median(mine.times) : undefined;
}

function megabytes({ outcomes }, column) {
  const outcome = best(outcomes, column);
  return outcome ? `${outcome.peak.toFixed(0)} (${outcome.before.toFixed(0)})` : "";
}

function times(ratio) {
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)}×`;
}

/** Rounded down: 1 is said only of all. */
function recall(share) {
  return String(Math.floor(share * 1e4) / 1e4);
}

function table([header, ...rows]) {
  return [header, header.map(() => "---"), ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
