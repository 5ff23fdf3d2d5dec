/** Draws docs/methods/NAME.svg for every method of the catalogue, by running it: originals, new rows, and lines to their parents. */
import { catalogue, ROOT, written } from "./written.js";

const library = await import(`${ROOT}dist/index.js`);

const [WIDTH, HEIGHT, CAPTION, LEGEND] = [360, 290, 26, 24];
const [COMMON, RARE, ADDED] = [130, 30, 60];
const { X, y } = rows();

const texts = {};
for (const { name, function: called, kind, what, shown = [{}] } of catalogue()) {
  const panels = [];
  for (const options of shown) panels.push(await panel(called, kind, options));
  texts[`docs/methods/${name}.svg`] = picture(called, what, panels);
}
written(texts, "docs/methods");

/** Two classes in the plane. Sums of uniform numbers instead of normal ones, so that every engine draws the same. */
function rows() {
  let state = 3;
  const unit = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const spread = () => unit() + unit() + unit() + unit() - 2;
  const group = (n, across, down, wide, high) => Array.from({ length: n }, () => [across + wide * spread(), down + high * spread()]);
  const rare = [...group(16, 80, 95, 45, 40), ...group(9, 178, 158, 46, 36), ...group(4, 318, 66, 16, 14), [266, 190]];
  const common = [...group(95, 240, 175, 90, 75), ...group(COMMON - 95, 110, 225, 70, 32)];
  return {
    X: [...common, ...rare].map(([a, b]) => [clamp(a, 10, WIDTH - 10), clamp(b, 34, HEIGHT - 10)]),
    y: [...common.map(() => "common"), ...rare.map(() => "rare")],
  };
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/** What one method makes of the rows. */
async function panel(called, kind, options) {
  const strategy = kind === "undersampler" ? undefined : { counts: { rare: RARE + ADDED } };
  const { data, origins } = await library[called]({ ...options, strategy }).resample({ X, y });
  const made = [];
  const lines = [];
  const kept = new Set();
  data.X.forEach((child, i) => {
    if (!origins.kind[i]) return kept.add(origins.base[i]);
    made.push(child);
    const [base, neighbor = child, ...others] = origins.parents(i).map((row) => X[row]);
    lines.push([base, child, neighbor], ...others.map((other) => [other, child, child]));
  });
  const originals = (label) => X.filter((_, i) => y[i] === label);
  return {
    caption: `${called}(${Object.keys(options).length ? `{ ${inside(options)} }` : ""})`,
    lines: lines.map(([base, child, neighbor]) => `M${at(base)}L${at(child)}${neighbor === child ? "" : `L${at(neighbor)}`}`).join(""),
    common: dots(originals("common")),
    rare: dots(originals("rare")),
    made: dots(made),
    gone: X.filter((_, i) => !kept.has(i))
      .map(([a, b]) => `M${at([a - 4, b - 4])}l8 8m0-8l-8 8`)
      .join(""),
  };
}

function inside(options) {
  return Object.entries(options)
    .map(([option, value]) => `${option}: ${JSON.stringify(value)}`)
    .join(", ");
}

function at(point) {
  return point.map((value) => Math.round(value * 10) / 10).join(" ");
}

/** Points as lines without length, whose caps are seen. */
function dots(points) {
  return points.map((point) => `M${at(point)}h0`).join("");
}

function picture(called, what, panels) {
  const across = Math.min(2, panels.length);
  const [width, height] = [across * WIDTH, Math.ceil(panels.length / across) * HEIGHT + LEGEND];
  const drawn = panels.map(
    (
      { caption, lines, common, rare, made, gone },
      p,
    ) => `<g transform="translate(${(p % across) * WIDTH} ${Math.floor(p / across) * HEIGHT})">
<text class="code" x="12" y="${CAPTION - 6}">${escaped(caption)}</text>
<path class="common" d="${common}"/>
<path class="line" d="${lines}"/>
<path class="rare" d="${rare}"/>
<path class="made" d="${made}"/>
${gone ? `<path class="gone" d="${gone}"/>\n` : ""}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Where ${called} puts new rows</title>
<desc id="desc">${escaped(`${called}: ${what}. ${COMMON} common rows are grey dots, ${RARE} rare rows blue dots: a group of their own at the upper left, others along its border with the common rows, a small group at the upper right and an outlier among the common rows. ${ADDED} new rows are orange squares, joined to their parents by thin lines.`)}</desc>
<style>
.page { fill: #fff; stroke: #d0d7de }
text { font: 12px system-ui, sans-serif; fill: #24292f }
.code { font-family: ui-monospace, monospace }
path { fill: none; stroke-linecap: round }
.common { stroke: #aab2bb; stroke-width: 4.5 }
.rare { stroke: #1b62c4; stroke-width: 7.5 }
.made { stroke: #d9480f; stroke-width: 4.5; stroke-linecap: square }
.line { stroke: #d9480f; stroke-width: 0.7; stroke-opacity: 0.45 }
.gone { stroke: #24292f; stroke-width: 1.2 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117; stroke: #30363d }
text { fill: #d0d7de }
.common { stroke: #59626d }
.rare { stroke: #6cb6ff }
.made, .line { stroke: #ff9b57 }
.gone { stroke: #d0d7de }
}
</style>
<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${drawn.join("\n")}
<path class="common" d="M16 ${height - 12}h0"/><text x="24" y="${height - 8}">common</text>
<path class="rare" d="M92 ${height - 12}h0"/><text x="100" y="${height - 8}">rare</text>
<path class="made" d="M144 ${height - 12}h0"/><text x="152" y="${height - 8}">new</text>
</svg>
`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
