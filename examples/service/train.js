/** Fits a generator on a CSV and keeps it in a file. */
import { open, readFile, rename } from "node:fs/promises";
import { smote, table } from "counterpoise";

/** Fits SMOTE on the CSV at `source` and stores the generator at `store`; gives what was stored. */
export async function train({ source, store, target, seed = 42 }) {
  const rows = rowsOf(await readFile(source, "utf8"));
  const generator = await smote({ seed }).fit(table(rows, { target }));
  const text = JSON.stringify(generator);
  await writeWhole(store, text);
  return JSON.parse(text);
}

/** Records of a CSV without quotes; empty cells are null. */
function rowsOf(text) {
  const [names, ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  const cell = (word) => (word === "" ? null : Number.isNaN(Number(word)) ? word : Number(word));
  return lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cell(cells[i] ?? "")])));
}

/** Whoever reads `path` finds the old text or the new one, never a part, also after a power cut. */
async function writeWhole(path, text) {
  const draft = `${path}.draft`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
