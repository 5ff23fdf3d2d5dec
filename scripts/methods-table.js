/** Writes what the catalogue of methods says into README.md and docs/methods.md, between their marks. */
import { format, resolveConfig } from "prettier";
import { catalogue, read, ROOT, written } from "./written.js";

const MARKS = /(<!-- methods: [^\n]*-->\n)[\s\S]*(<!-- \/methods -->)/;
const methods = catalogue();
const config = await resolveConfig(`${ROOT}README.md`);

const table = [
  "| method | what it does | source | |",
  "| --- | --- | --- | --- |",
  ...methods.map(({ function: name, what, source, tier }) => {
    return `| [\`${name}\`](docs/methods.md#${name.toLowerCase()}) | ${what} | ${source} | ${tier === "stable" ? "" : tier} |`;
  }),
];

const sections = methods.flatMap(({ function: name, name: asked, what, when, ours, source, kind, tier, options }) => [
  `## ${name}`,
  `${what[0].toUpperCase()}${what.slice(1)}. ${source}.`,
  `![What ${name} does to the rows](methods/${asked}.svg)`,
  `${when}`,
  `**Ours.** ${ours}`,
  `${kind}, ${tier} · \`--method ${asked}\`${options.map(({ flag, value }) => ` \`${flag}${value ? ` ${value}` : ""}\``).join("")}`,
]);

async function between(path, lines) {
  const text = read(path);
  if (!MARKS.test(text)) throw new Error(`${path} has no marks <!-- methods: … --> and <!-- /methods --> between which to write.`);
  return format(
    text.replace(MARKS, (_, begin, end) => `${begin}\n${lines}\n\n${end}`),
    { ...config, parser: "markdown" },
  );
}

written({
  "README.md": await between("README.md", table.join("\n")),
  "docs/methods.md": await between("docs/methods.md", sections.join("\n\n")),
});
