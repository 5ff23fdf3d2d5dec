/* Tables and sentences of what there is: node report.mjs FILE [PAGE]. Published figures are those of the notebooks of the authors' code, and of curves read off there (≈). */
import { readFileSync, writeFileSync } from "node:fs";
import { B_ROWS, C_ROWS, DRAWS, E_SHIFTS, SIZES } from "./jobs";

type Line = Readonly<Record<string, unknown>>;

const [file, page] = process.argv.slice(2) as [string, string | undefined];
const lines: Line[] = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Line);
const of = (name: string): Line[] => lines.filter((line) => line["name"] === name);

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
const error = (list: readonly number[]): number => {
  const middle = mean(list);
  return Math.sqrt(list.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (list.length - 1) / list.length);
};
const numbers = (rows: readonly Line[], key: string): number[] => rows.map((row) => row[key] as number);
const at = (rows: readonly Line[], key: string, k: number): number[] => rows.map((row) => (row[key] as number[])[k]!);
const digits = (x: number): string => {
  const size = Math.abs(x);
  return (
    (x < 0 ? "−" : "") +
    (size < 0.00095 ? Number(size.toPrecision(2)).toString() : size < 0.0095 ? size.toFixed(5) : size.toFixed(size < 0.095 ? 4 : 3))
  );
};
/** Mean and its standard error. */
const said = (list: readonly number[]): string => (list.length > 1 ? `${digits(mean(list))} ± ${digits(error(list))}` : "–");
const percent = (share: number): string => {
  const [small, tiny] = [share > 0 && share < 0.1, share > 0 && share < 0.001];
  return `${(100 * share).toFixed(tiny ? 2 : small ? 1 : 0)} %`;
};
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const place = (grid: readonly number[], gamma: number): number => {
  let best = 0;
  grid.forEach((own, k) => (best = Math.abs(own - gamma) < Math.abs(grid[best]! - gamma) ? k : best));
  return best;
};
/** Place of the lowest mean of a curve. */
const lowest = (rows: readonly Line[], key: string, grid: readonly number[]): number => {
  const means = grid.map((_, k) => mean(at(rows, key, k)));
  return means.indexOf(Math.min(...means));
};
/** Whether a mean of paired differences is beyond two standard errors. */
const differs = (list: readonly number[]): boolean => Math.abs(mean(list)) > 2 * error(list);

const MAKERS = { oracle: "fresh rows of the class", smote: "SMOTE", gaussian: "Gaussian fit", semiOracle: "fresh noise about the mean" };

function sectionA(): string {
  const grid = SIZES.A;
  const shown = [0, 4 / 19, 20 / 19, 40 / 19, 4].map((gamma) => place(grid, gamma));
  const rows = (["cube", "rademacher", "sphere"] as const).flatMap((noise) => {
    const found = of(`A ${noise}`);
    return (["oracle", "smote", "gaussian", "semiOracle"] as const).map((generator) => [
      noise,
      MAKERS[generator],
      ...shown.map((k) => said(at(found, generator, k))),
    ]);
  });
  const cube = of("A cube");
  const tuned = cube.filter((row) => row["gamma"] !== undefined);
  const none = mean(at(cube, "smote", 0));
  const chosen = numbers(tuned, "gamma");
  return `## A: both classes pull alike, squared loss

Twenty columns, classes of 2000 and 100 rows at ∓e₁ with the same noise, squared loss about −1 and 1 without an intercept. Excess balanced risk, ${cube.length} repetitions:

${table(["noise", "rows made by", ...shown.map((k) => `γ = ${grid[k]!.toFixed(2)}`)], rows)}

Published: ≈ 0.0045–0.005 at 0 for all; at 4 ≈ 0.001, 0.09, 0.055, 0.028, in this order.

Class weights instead of rows: ${said(numbers(cube, "weights"))} (cube). Five folds choose γ ≤ 0.2 in ${percent(chosen.filter((gamma) => gamma <= 0.2).length / chosen.length)} of ${chosen.length} repetitions with SMOTE, at an excess of ${said(numbers(tuned, "tuned"))}.
**What remains:** nothing to gain. Rows that are made of the rows there are can only do harm here (SMOTE at balance: ${(mean(at(cube, "smote", place(grid, 1))) / none).toFixed(1)} times the excess of none), and so can class weights; validation sees it. There is no intercept and so no prior to shift.
`;
}

function sectionA2(): string {
  const found = of("A2");
  const shown = [0, 0.5, 1, 2].map((gamma) => place(SIZES.A2, gamma));
  const published: Record<string, string[]> = {
    oracle: ["0.006", "–", "0.0007", "0.0003"],
    smote: ["0.006", "–", "0.0143", "0.0168"],
    gaussian: ["0.006", "–", "0.0114", "0.0132"],
  };
  const rows = (["oracle", "smote", "gaussian"] as const).flatMap((generator) => [
    [MAKERS[generator], "ours", ...shown.map((k) => said(at(found, generator, k)))],
    [MAKERS[generator], "published", ...published[generator]!],
  ]);
  const tuned = numbers(of("tuned A2"), "gamma");
  const shifted = numbers(found, "shifted");
  return `## A2: both classes pull alike, logistic regression without an intercept

Twenty columns, log odds = x₁, 5000 rows of which about 557 are of the smaller class. Excess balanced log loss over that of the true coefficients, ${found.length} repetitions (published: 100):

${table(["rows made by", "", ...shown.map((k) => `γ = ${SIZES.A2[k]!.toFixed(1)}`)], rows)}

Class weights: ${said(numbers(found, "weights"))}. \`tuneSyntheticSize\`, five folds, SMOTE: γ = 0 in ${tuned.filter((gamma) => gamma === 0).length} of ${tuned.length} repetitions, ${tuned.length ? mean(tuned).toFixed(2) : "–"} on average.
**Prior shift**, ln(n₀ / n₁) added to the log odds of the fit without any rows: ${said(shifted)}. The model was denied an intercept, and balanced loss wants one.
**What remains:** nothing for rows, and ${mean(shifted) < 0 ? `${digits(-mean(shifted))} less loss than the best model without an intercept by moving the prior: more than any size of any generator, fresh rows included, can bring` : "nothing for the prior either"}.
`;
}

function sectionB(): string {
  const published = {
    1: [".0192", ".0196", ".0165", ".0165", ".0168", ".0164", ".0161", ".0162", ".0162", ".0161"],
    4: [".0020", ".0012", ".0005", ".0002", ".0001", ".0001", ".0000", ".0000", ".0000", ".0000"],
  };
  const rows = B_ROWS.map((n1, k) => {
    const found = of(`B ${n1}`);
    return [
      String(n1),
      said(at(found, "excess", 0)),
      said(at(found, "excess", 1)),
      `0${published[1][k]!}`,
      said(at(found, "excess", 2)),
      `0${published[4][k]!}`,
      said(numbers(found, "weights")),
      `${digits(mean(at(found, "distance", 1)))} / ${digits(mean(at(found, "distance", 2)))}`,
    ];
  });
  const most = of(`B ${B_ROWS.at(-1)!}`);
  return `## B: a biased generator that more rows make up for

Two columns, normal classes about 0 and e₁, rows made about e₁ / 2 (so the best size is four times balance), squared loss, no intercept, κ = 20. Excess balanced risk, ${most.length} repetitions:

${table(["n₁", "γ = 0", "γ = 1", "published", "γ = 4", "published", "class weights", "distance of θ at 1 / 4"], rows)}

**What remains:** at n₁ = ${B_ROWS.at(-1)!}, of the excess at balance, four times balance leaves ${percent(mean(at(most, "excess", 2)) / mean(at(most, "excess", 1)))} and class weights, which make no rows and choose nothing, ${percent(mean(numbers(most, "weights")) / mean(at(most, "excess", 1)))}. With few rows of the smaller class the made ones carry more than weights can, because here they come from a known distribution and not from those rows.
`;
}

function sectionC(): string {
  const published = ["0.0362 / 0.0423", "0.00186 / 0.0132", "0.00085 / 0.0107", "0.00051 / 0.0097", "0.00030 / 0.0088", "0.00024 / 0.0085"];
  const all = C_ROWS.flatMap((n1) => of(`C ${n1}`));
  const verdicts = (score: string, verdict: string): string =>
    percent(all.filter((row) => row[`${score} verdict`] === verdict).length / all.length);
  const rows = C_ROWS.map((n1, k) => {
    const found = of(`C ${n1}`);
    return [
      String(n1),
      said(numbers(found, "published")),
      said(numbers(found, "debiased")),
      said(numbers(found, "balance")),
      published[k]!,
      said(numbers(found, "to 6")),
      said(numbers(found, "weights")),
    ];
  });
  return `## C: a generator that grows better with the rows it learns from

As B, with rows made about (1 − 1 / √ln n₁) e₁; sizes are chosen in five folds among the candidates of the diagnosis, by the published score and by the debiased one, and among 0 to 6. Excess balanced risk, ${of("C 500").length} repetitions:

${table(["n₁", "guided, published score", "guided, debiased", "γ = 1", "published: guided / γ = 1", "0 to 6, no guide", "class weights"], rows)}

| verdict   | published run | ours, published score | ours, debiased |
| --------- | ------------- | --------------------- | -------------- |
| symmetric | 1.67 %        | ${verdicts("published", "symmetric")} | ${verdicts("debiased", "symmetric")} |
| realistic | 1.83 %        | ${verdicts("published", "realistic")} | ${verdicts("debiased", "realistic")} |
| biased    | 96.5 %        | ${verdicts("published", "biased")} | ${verdicts("debiased", "biased")} |

At n₁ = 500 the best size is beyond the candidates, which end at 2; with sizes up to 6 the excess is ${digits(mean(numbers(of("C 500"), "to 6")))}, ${mean(numbers(of("C 500"), "to 6")) < mean(numbers(of("C 500"), "published")) ? "less" : "no less"}, and ${percent(of("C 500").filter((row) => (row["to 6 gamma"] as number) > 2).length / of("C 500").length)} of the choices are above 2.
**What remains:** of the excess at balance, guided sizes leave ${percent(mean(numbers(of("C 500"), "published")) / mean(numbers(of("C 500"), "balance")))} at n₁ = 500 and class weights, which make no rows and choose nothing, ${percent(mean(numbers(of("C 500"), "weights")) / mean(numbers(of("C 500"), "balance")))}. What is left between the two is what rows from a distribution that is known, and not learned from n₁ rows, have to add.
`;
}

function sectionD(name: "D1" | "D2", title: string, lead: string, published: readonly string[]): string {
  const found = of(name);
  const tuned = of(`tuned ${name}`);
  const grid = SIZES.D;
  const shown = (name === "D1" ? [0, 0.3, 0.5, 0.8, 1, 1.1, 1.5, 2] : [0, 0.3, 0.5, 0.6, 0.8, 1, 1.5, 2]).map((gamma) =>
    place(grid, gamma),
  );
  const best = lowest(found, "losses", grid);
  const gain = found.map((row) => (row["shifted"] as number) - (row["losses"] as number[])[best]!);
  const overWeights = found.map((row) => (row["weights"] as number) - (row["losses"] as number[])[best]!);
  const areas = found.map((row) => (row["areas"] as number[])[best]! - (row["areas"] as number[])[0]!);
  const share = (key: string, value: unknown): string => percent(found.filter((row) => row[key] === value).length / found.length);
  const scores = numbers(found, "gqs");
  const gammas = numbers(tuned, "gamma");
  const remains = (list: readonly number[]): string =>
    !differs(list)
      ? "nothing that could be told from chance"
      : mean(list) > 0
        ? `${digits(mean(list))} less loss`
        : `${digits(-mean(list))} more loss`;
  return `## ${name}: ${title}

${lead} Balanced log loss on 10 000 unseen rows of each class, ${found.length} repetitions (published: 100):

${table(
  ["", ...shown.map((k) => `γ = ${grid[k]!.toFixed(1)}`)],
  [
    ["ours", ...shown.map((k) => digits(mean(at(found, "losses", k))))],
    ["standard error", ...shown.map((k) => digits(error(at(found, "losses", k))))],
    ["published", ...published],
  ],
)}

${table(
  ["without any row", "balanced log loss"],
  [
    ["none", said(at(found, "losses", 0))],
    ["none + prior shift", said(numbers(found, "shifted"))],
    ["class weights", said(numbers(found, "weights"))],
    [`for comparison: the best size, γ = ${grid[best]!.toFixed(1)}`, said(at(found, "losses", best))],
  ],
)}

Chosen by \`tuneSyntheticSize\` among the candidates of the diagnosis, ${tuned.length} repetitions: γ = ${gammas.length ? mean(gammas).toFixed(2) : "–"} on average (${Math.min(...gammas).toFixed(2)} to ${Math.max(...gammas).toFixed(2)}), loss ${said(numbers(tuned, "loss"))}; at balance ${said(numbers(tuned, "balance"))}${name === "D1" ? `; with the defaults, five folds three times, ${said(numbers(tuned, "plainLoss"))}` : ""}.

Diagnosis: the published test calls ${percent(mean(numbers(found, "rawRejects")))} asymmetric, the test with the intercept profiled out ${percent(mean(numbers(found, "rejects")))}. Quality score ${Math.min(...scores).toFixed(1)} to ${Math.max(...scores).toFixed(1)}, ${mean(scores).toFixed(1)} on average, ${mean(numbers(found, "gqsDebiased")).toFixed(1)} debiased; realistic in ${share("generator", "realistic")}, by the published score in ${percent(scores.filter((score) => score <= 10).length / scores.length)}. ${name === "D1" ? "Published: 3.3 to 13.7, 7.8 on average; realistic in 83 %." : "Published: 40 to 167; biased in 100 %; γ from 0.35 to 0.85, 0.552 on average, loss 0.12187."}

**What remains:** beyond a prior shift the best size brings ${remains(gain)}, beyond class weights ${remains(overWeights)}; the area under the ROC curve moves by ${digits(mean(areas))}${differs(areas) ? "" : ", which is chance"}.
`;
}

function sectionE(): string {
  const rows = [2, 5, 10].flatMap((d) =>
    [5, 20].map((kappa) => [
      String(d),
      String(kappa),
      ...[50, 250, 500].map((n1) => {
        const found = of(`E ${d} ${n1} ${kappa}`);
        return `${percent(mean(numbers(found, "rejected")) / DRAWS)} of ${found.length * DRAWS}`;
      }),
    ]),
  );
  const power = E_SHIFTS.map((h) => percent(mean(numbers(of(`E power ${h}`), "rejected")) / DRAWS));
  return `## E: the test of local symmetry

Classes that pull exactly alike (squared loss, no intercept); share of samples that the published test rejects at 5 %:

${table(["columns", "κ", "n₁ = 50", "n₁ = 250", "n₁ = 500"], rows)}

Published (5 columns): 10–16 %, 6–8 %, 5–7 %. Power at 5 columns, n₁ = 500, κ = 5, for shifts of h units of noise:

${table(["h", ...E_SHIFTS.map(String)], [["rejected", ...power]])}

Published: ≈ 47–65 % at |h| = 4. The test rejects too often where the smaller class has few rows for each column; \`diagnose\` says so.
`;
}

/** Whether the best size has more loss than a row of what needs none, beyond chance. */
const loses = (name: "D1" | "D2", key: "shifted" | "weights"): boolean => {
  const found = of(name);
  const best = lowest(found, "losses", SIZES.D);
  const apart = found.map((row) => (row["losses"] as number[])[best]! - (row[key] as number));
  return mean(apart) > 0 && differs(apart);
};
const verdict = (["D1", "D2"] as const).every((name) => loses(name, "shifted") && loses(name, "weights"))
  ? "In the two designs with an intercept and a generator that is learned, D1 and D2, the best size of all is worse than moving the prior without any row, and worse than class weights. What the tuned size gains there, it gains over adding nothing and changing nothing, and over too many rows."
  : "How much of a tuned size's gain moving the prior and class weights bring without any row is said for each design.";

const text = `# How many rows to add: the simulated designs

The designs of Ma and Zhang, Synthetic Augmentation in Imbalanced Learning (arXiv 2601.16120, 2026), with the parameters of their code, done again: plain and guided choice of the synthetic size, beside what needs no synthetic rows.
γ is the number of added rows as a multiple of what balances the classes. Means ± standard errors of repetitions, as they came out; \`npm run study:vtss -- --write\` makes this page, from seeds. Published figures are printed by the authors' notebooks or, where ≈ or a
curve is meant, read off them.

${verdict}

${[
  sectionA(),
  sectionA2(),
  sectionB(),
  sectionC(),
  sectionD(
    "D1",
    "a linear model and SMOTE",
    "Five columns, 4000 rows about 0, 200 about (2, ±1.75, 0, 0, 0), SMOTE with five neighbors, logistic regression with C = 1e6, 80 % to learn and 20 % held out.",
    ["0.85", "–", "–", "–", "≈ 0.363", "≈ 0.362", "–", "≈ 0.38"],
  ),
  sectionD(
    "D2",
    "a curved border and copies with noise",
    "Five columns, 4000 rows in a cloud, 200 on a thin ring beside it, copies with normal noise of deviation 1, logistic regression with C = 2 on 100 random Fourier features, five folds. Columns three to five of the ring hold its noise of deviation 0.08 alone: so the published curve comes out.",
    ["0.158", "–", "≈ 0.1217", "–", "–", "≈ 0.1285", "–", "≈ 0.1545"],
  ),
  sectionE(),
].join("\n")}`;
const signed = text.replace(/(?<![\w.-])-(?=\d)/g, "−");
if (page) writeFileSync(page, signed);
else console.log(signed);
