"use strict";
/* global counterpoise, madeUpPayments, readCsv, writeCsv */

const at = (id) => document.getElementById(id);
let rows = [];
let latest = 0;

at("sample").addEventListener("click", () => open(madeUpPayments()));
at("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  try {
    open(readCsv(await file.text()));
  } catch (error) {
    say(error.message, true);
  }
  target.value = ""; // choosing the same file again is a change, too
});
at("target").addEventListener("change", balance);

/** Shows the columns of a table and balances the one that looks like a class. */
function open(table) {
  rows = table;
  const names = Object.keys(rows[0]);
  at("target").replaceChildren(...names.map((name) => new Option(name)));
  at("target").value = likelyClass(names);
  at("target").disabled = false;
  balance();
}

/** Of the columns of words without an empty cell, the one with the fewest different words; otherwise the last column. */
function likelyClass(names) {
  const words = (name) => new Set(rows.map((row) => row[name]));
  const fits = (name) => words(name).size > 1 && rows.every((row) => row[name] !== "" && Number.isNaN(Number(row[name])));
  return names.filter(fits).toSorted((a, b) => words(a).size - words(b).size)[0] ?? names.at(-1);
}

/** Only the latest call may speak: another table or column may be chosen while it works. */
async function balance() {
  const { smote, table } = counterpoise;
  const call = ++latest;
  const target = at("target").value;
  at("result").hidden = true;
  const onProgress = ({ done, total }) => call === latest && say(`${Math.floor((100 * done) / total)} % done`);
  try {
    const start = performance.now();
    const result = await smote({ seed: 1, onTooFew: "reduce" }).resample(table(rows, { target, parseNumbers: true }), { onProgress });
    const took = performance.now() - start;
    if (call !== latest) return;
    show(result);
    say(`${rows.length} rows balanced by "${target}" in ${took < 1000 ? `${Math.ceil(took)} ms` : `${(took / 1000).toFixed(1)} s`}.`);
  } catch (error) {
    if (call === latest) say(error.message, true);
  }
}

function show({ counts, data, notes }) {
  const most = Math.max(...Array.from(counts.values(), ({ after }) => after));
  at("bars").replaceChildren(...Array.from(counts, ([label, count]) => bar(label, count, most)).flat());
  const said = [...data.notes, ...notes];
  at("notes").replaceChildren(...said.map((note) => element("li", "", note)));
  at("notes").parentElement.hidden = !said.length;
  URL.revokeObjectURL(at("download").href);
  at("download").href = URL.createObjectURL(new Blob([writeCsv(data.rows)], { type: "text/csv" }));
  at("result").hidden = false;
}

function bar(label, { before, added, after }, most) {
  const bars = element("div", "bar");
  for (const [name, size] of Object.entries({ before, added })) {
    const part = bars.appendChild(element("div", name));
    part.style.width = `${(100 * size) / most}%`;
  }
  const figures = element("div", "figures", added ? `${before} + ${added} = ${after}` : `${before}`);
  const value = element("dd", "");
  value.append(bars, figures);
  return [element("dt", "", String(label)), value];
}

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function say(text, fault = false) {
  at("status").textContent = text;
  at("status").className = fault ? "fault" : "";
}
