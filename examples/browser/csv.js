"use strict";

/** Records of a CSV with a header; all cells are texts. Quotes as in RFC 4180, separated by commas, semicolons or tabs. */
globalThis.readCsv = (text) => {
  const separator = [",", ";", "\t"].toSorted((a, b) => text.split("\n", 1)[0].split(b).length - text.split("\n", 1)[0].split(a).length)[0];
  const cells = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r\\n]*)(${separator}|\\r?\\n|$)`, "gy");
  const lines = [[]];
  for (const [whole, cell, end] of text.replace(/^\uFEFF/, "").matchAll(cells)) {
    if (whole === "") break;
    lines.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end.endsWith("\n")) lines.push([]);
  }
  const [names, ...records] = lines.filter((line) => line.some((cell) => cell !== ""));
  if (!names || !records.length) throw new Error("This file has no rows.");
  const ragged = records.findIndex((line) => line.length !== names.length);
  if (ragged >= 0) throw new Error(`Row ${ragged + 1} has ${records[ragged].length} cells, but the header has ${names.length}.`);
  return records.map((line) => Object.fromEntries(names.map((name, i) => [name, line[i]])));
};

/** The text of a CSV with a header. */
globalThis.writeCsv = (rows) => {
  const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const line = (cells) => `${cells.map((cell) => quoted(String(cell ?? ""))).join(",")}\r\n`;
  return [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map(line).join("");
};
