import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import {
  advise,
  chain,
  crossValidate,
  inspect,
  InputError,
  logistic,
  randomUndersample,
  smote,
  split,
  table,
  tomekLinks,
  tuneSyntheticSize,
  type Data,
  type Resampler,
  type RowTable,
} from "../../bindings/index";
import { outOfFold, projectRows, report, type ReportParts } from "../../bindings/report";
import { STYLE } from "../../bindings/report/style";
import { PENGUINS } from "../support/command";
import { HAS_DATA, realTable } from "../support/data";
import { pageOf } from "../support/page";

const MOST_BYTES = 400_000;

function read(path: string, target: string): Data {
  const { data } = Papa.parse<Record<string, string>>(readFileSync(path, "utf8"), { header: true, skipEmptyLines: true });
  return table(data, { target, parseNumbers: true });
}

async function partsOf(data: Data, method: Resampler): Promise<ReportParts> {
  const resampled = await method.resample(data);
  return {
    title: "a title",
    inspected: inspect(data),
    resampled,
    projection: await projectRows(data, resampled),
    calls: { js: "a < b", shell: "c && d" },
  };
}

/** Refuses what no page may have. */
function expectSound(html: string): ReturnType<typeof pageOf> {
  const page = pageOf(html);
  expect(page.faults).toEqual([]);
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MOST_BYTES);
  expect(html).not.toMatch(/https?:|url\(|@import|\ssrc=|\shref=/);
  expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  for (const name of ["script", "link", "img", "iframe", "object", "foreignobject"]) expect(page.all(name), name).toEqual([]);
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const figure of page.all("figure")) {
    const [picture] = page.all("svg", figure).filter((svg) => page.attribute(svg, "role") === "img");
    const [title, desc] = picture!.childNodes as [never, never];
    expect([page.all("title", picture)[0], page.all("desc", picture)[0]]).toEqual([title, desc]);
    for (const words of [title, desc]) expect(page.text(words).length).toBeGreaterThan(4);
    expect(page.all("tr", page.all("details", figure)[0]).length).toBeGreaterThan(1);
  }
  // every other picture is a key beside its words
  for (const icon of page.all("span")) expect(page.attribute(icon, "aria-hidden")).toBe("true");
  return page;
}

describe("a page", () => {
  it("of the penguins: classes, rows in the plane, columns and calls", async () => {
    const html = report(await partsOf(read(PENGUINS, "species"), smote()));
    const page = expectSound(html);
    expect(page.all("h2").map(page.text)).toEqual(["Classes", "Where rows lie", "Columns", "The same again"]);
    expect(page.all("h3").map(page.text)).toEqual([
      "Rows of each class, before and after",
      "Rows of the data",
      "New rows of class Chinstrap",
      "New rows of class Gentoo",
      "JavaScript",
      "Command line",
    ]);
    expect(page.all("code").map(page.text)).toEqual(["a < b", "c && d"]);
    const rows = page.all("tr", page.all("figure")[0]).map((row) => row.childNodes.map((cell) => page.text(cell as never)));
    expect(rows).toEqual([
      ["class", "before", "added", "removed", "after"],
      ["Adelie", "152", "0", "0", "152"],
      ["Gentoo", "124", "28", "0", "152"],
      ["Chinstrap", "68", "84", "0", "152"],
    ]);
  });

  it("is the same bytes for the same parts", async () => {
    const data = read(PENGUINS, "species");
    const [one, two] = [report(await partsOf(data, smote())), report(await partsOf(read(PENGUINS, "species"), smote()))];
    expect(two).toBe(one);
    expect(report(await partsOf(data, smote({ seed: 1 })))).not.toBe(one);
  });

  it.skipIf(!HAS_DATA).each([
    ["mixed", "bank", smote()],
    ["keel", "yeast6", chain(smote(), tomekLinks())],
    ["mixed", "sick", randomUndersample()],
    ["multi", "ecoli", smote({ onTooFew: "copy" })],
  ] as const)("of %s/%s", async (folder, name, method) => {
    expectSound(report(await partsOf(realTable(folder, name), method)));
  });

  it("of what was inspected alone, of notes alone, of a title alone", () => {
    const page = expectSound(report({ title: "t", inspected: inspect(read(PENGUINS, "species")) }));
    expect(page.all("h2").map(page.text)).toEqual(["Classes", "Columns"]);
    expect(pageOf(report({ title: "t", notes: ["one", "one", "two"] })).all("li")).toHaveLength(2);
    const many = expectSound(report({ title: "t", notes: Array.from({ length: 9000 }, (_, i) => `note ${i} ${"x".repeat(2000)}`) }));
    expect([many.all("li").length, many.all("p").map(many.text)]).toEqual([60, ["and 8940 more notes"]]);
    expect(expectSound(report({ title: "t" })).all("section")).toEqual([]);
    expect(expectSound(report({ title: "t", predictions: { labels: [0, 1], probabilities: {} } })).all("section")).toEqual([]);
  });

  it("of sizes and predictions", async () => {
    const data = read(PENGUINS, "species");
    const pair = table(
      (data as RowTable).rows.filter(({ species }) => species !== "Gentoo"),
      { target: "species", parseNumbers: true },
    );
    const { train, test } = split(pair, { test: 0.4, seed: 1 });
    const validation = { folds: 3, repeats: 1 };
    const tuned = await tuneSyntheticSize(train, { oversampler: smote(), learner: logistic(), grid: [0, 0.5, 1], validation });
    const model = await logistic().fit(train);
    const { probabilities } = await model.predictProbability(test);
    const labels = test.rows.map(({ species }) => species as string);
    const half = Float64Array.from(labels, () => 0.5);
    const html = report({
      title: "t",
      tuned,
      predictions: { labels, classes: model.labels, positive: "Chinstrap", probabilities: { model: probabilities, half } },
    });
    const page = expectSound(html);
    expect(page.all("h3").map(page.text)).toEqual([
      "Loss and size",
      "What else could be done: loss",
      "What else could be done: decisions",
      "Reliability",
      "Precision and recall",
      "True and false positives (ROC)",
    ]);
    expect(html).toContain("half: area 0.5");
    expect(html).toContain(tuned.summary);
  });

  it("of a cross-validation, of three classes against the rarest, a candidate that fails among them", async () => {
    const data = read(PENGUINS, "species");
    const refusing = { ...smote(), name: "refusing", resample: () => Promise.reject(new Error("no")) };
    const candidates = {
      plain: { learner: logistic() },
      smote: { learner: logistic(), resampler: smote() },
      "<b>none": { learner: logistic(), resampler: refusing },
    };
    const evaluated = await crossValidate(data, { candidates, folds: 3, metrics: ["balancedAccuracy", "logLoss"] });
    const predictions = outOfFold(data, evaluated);
    expect(Object.keys(predictions.probabilities)).toEqual(["plain", "smote"]);
    expect(predictions.labels).toHaveLength(344);
    const html = report({ title: "t", evaluated, predictions });
    const page = expectSound(html);
    expect(page.all("h2").map(page.text)).toEqual(["Scores", "What models predict", "Notes"]);
    expect(html).toContain("logLoss, lower is better");
    expect(html).toContain("19.8 % are of class &#34;Chinstrap&#34;, against all others");
    const cells = page.all("tr").map((row) => row.childNodes.map((cell) => page.text(cell as never)));
    const [, refused] = cells.filter(([name]) => name === "<b>none").slice(-2);
    expect(refused!.slice(1).every((cell) => cell === "–")).toBe(true);
    expect(cells.find(([name, ...rest]) => name === "<b>none" && rest.at(-1) === "3")).toBeDefined();
  });

  it("of an advice, of bias taken away and of a diagnosis", async () => {
    const rows = (read(PENGUINS, "species") as RowTable).rows.filter(({ species }) => species !== "Gentoo");
    const pair = table(rows, { target: "species", parseNumbers: true });
    const validation = { folds: 3, repeats: 1 };
    const refusing = {
      ...smote(),
      name: "refusing",
      resample: () => Promise.reject(new Error("no")),
      fit: () => Promise.reject(new Error("<no>")),
    };
    const advised = await advise(pair, { learner: logistic(), candidates: [smote(), refusing], grid: [0, 1], validation });
    const tuned = await tuneSyntheticSize(pair, {
      oversampler: smote(),
      learner: logistic(),
      grid: [0, 1],
      validation,
      guided: true,
      biasCorrection: true,
    });
    const page = expectSound(report({ title: "t", advised, tuned }));
    const headings = page.all("h3").map(page.text);
    expect(headings).toEqual(expect.arrayContaining(["Bias taken away", expect.stringContaining("by average precision, which decides")]));
    const cells = page.all("tr").map((row) => row.childNodes.map((cell) => page.text(cell as never)));
    expect(cells.filter((row) => row.at(-1) === "use this").map(([name]) => name)).toEqual([advised.recommendation]);
    expect(cells.find(([name]) => name === "what imbalance does to the model")).toHaveLength(2);
    expect(page.all("li").map(page.text)).toContain("refusing failed in 3 of the divisions: <no>");
  });

  it("of fifty models, six of which are drawn", () => {
    const labels = Array.from({ length: 300 }, (_, i) => (i % 10 ? "no" : "yes"));
    const probabilities = Object.fromEntries(Array.from({ length: 50 }, (_, m) => [`model ${m}`, labels.map((label, i) => (label === "yes" ? ((i * m) % 97) / 96 : ((i * 31) % 89) / 88))])); // prettier-ignore
    expect(expectSound(report({ title: "t", predictions: { labels, probabilities } })).all("p").length).toBeGreaterThan(3);
    expect(report({ title: "t", predictions: { labels, probabilities } })).toContain("6 of 50 models are drawn.");
  });

  it.each([
    [undefined, /report takes an object|report needs a title/],
    [{}, /report needs a title/],
    [{ title: 1 }, /title, a text, but was given 1/],
    [{ title: "t", inspect: 1 }, /no option "inspect"; did you mean "inspected"/],
  ])("refuses %j", (parts, message) => {
    expect(() => report(parts as ReportParts)).toThrow(InputError);
    expect(() => report(parts as ReportParts)).toThrow(message);
  });
});

describe("whatever names say", () => {
  const NAMES = [
    "<script>alert(1)</script>",
    `"quoted" & 'single'`,
    "</title></style><h1>",
    "🐧🐧🐧",
    "a\u0000b\u202e\ud800c",
    "&lt;",
    "-->",
    "x".repeat(4000),
    " ",
  ];

  it("is text and nothing else", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      ...Object.fromEntries(NAMES.map((name, c) => [name, c % 2 ? NAMES[i % 5] : (i * (c + 7)) % 11])),
      label: NAMES[i % 9 === 0 ? 0 : 2],
    }));
    const data = table(rows, { target: "label" });
    const parts = await partsOf(data, smote());
    const page = expectSound(report({ ...parts, title: NAMES.join(), notes: NAMES, calls: { js: NAMES[2], shell: NAMES[0] } }));
    expect(page.all("h1")).toHaveLength(1);
    expect(page.text(page.all("title")[0]!)).toContain(NAMES[0]);
    expect(page.all("code").map(page.text)).toEqual([NAMES[2], NAMES[0]]);
    expect(page.all("td").map(page.text)).toContain(NAMES[0]);
  });
});

describe("awkward data", () => {
  const cases: readonly (readonly [string, () => Data])[] = [
    ["10 000 columns", () => matrix(40, 10_000, 2)],
    ["10 000 nominal columns", () => table(Object.fromEntries([...Array.from({ length: 10_000 }, (_, c) => [`c${c}`, Array.from({ length: 30 }, (_unused, i) => "ab"[(i * c) % 2]!)]), ["y", Array.from({ length: 30 }, (_, i) => (i < 20 ? "u" : "v"))]]) as Record<string, string[]>, { target: "y" })], // prettier-ignore
    ["50 classes", () => matrix(1000, 3, 50)],
    ["one column", () => matrix(50, 1, 2)],
    ["a constant column", () => ({ X: Array.from({ length: 30 }, () => [1]), y: Array.from({ length: 30 }, (_, i) => (i < 20 ? 0 : 1)) })],
    [
      "values far away",
      () => ({
        X: Array.from({ length: 30 }, (_, i) => [i === 7 ? 1e9 : i / 1e3, -i]),
        y: Array.from({ length: 30 }, (_, i) => (i < 20 ? 0 : 1)),
      }),
    ],
    [
      "missing cells",
      () => ({
        X: Array.from({ length: 30 }, (_, i) => [i % 3 ? i : null, null]),
        y: Array.from({ length: 30 }, (_, i) => (i < 20 ? 0 : 1)),
      }),
    ],
  ];

  it.each(cases)("%s", async (_, make) => {
    const data = make();
    const parts = await partsOf(data, smote({ onTooFew: "copy" }));
    const html = report(parts);
    expectSound(html);
    const classes = parts.inspected!.classes.length;
    if (classes > 6) expect(html).toContain(`${classes - 5} other classes`);
  });

  it("one row", async () => {
    const data = { X: [[1, 2]], y: ["a"] };
    expectSound(report({ title: "one", inspected: inspect(data), projection: await projectRows(data) }));
  });

  /** Whole numbers without any order to speak of; classes of unequal size. */
  function matrix(n: number, d: number, classes: number): Data {
    const cell = (i: number): number => (Math.imul(i + 1, 0x9e3779b1) >>> 16) % 101;
    return {
      X: Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_unused, c) => cell(i * d + c))),
      y: Array.from({ length: n }, (_, i) => Math.min(i % classes, (i * 7) % classes)),
    };
  }
});

describe("the style sheet", () => {
  const palettes = [...STYLE.matchAll(/--page:[^}]*/g)].map(
    ([text]) => new Map(text.split(/[;\n]/).map((entry) => entry.split(":") as [string, string])),
  );

  it.each([
    ["light", 0],
    ["dark", 1],
  ])("%s: texts have a contrast of 4.5 and marks of 3", (_, at) => {
    const palette = palettes[at]!;
    const against = (name: string): number => contrast(palette.get(name)!, palette.get("--page")!);
    for (const name of ["--ink", "--soft"]) expect(against(name), name).toBeGreaterThanOrEqual(4.5);
    for (const name of ["--ground", "--c0", "--c1", "--c2", "--c3", "--c4", "--c5"]) expect(against(name), name).toBeGreaterThanOrEqual(3);
  });

  function contrast(one: string, two: string): number {
    const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b) as [number, number];
    return (high + 0.05) / (low + 0.05);
  }

  function luminance(color: string): number {
    const digits = color.slice(1).replace(/^(.)(.)(.)$/, "$1$1$2$2$3$3");
    const [r, g, b] = [0, 2, 4].map((at) => {
      const part = parseInt(digits.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
});
