import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../bindings/index";
import { METHODS, METHOD_FLAGS } from "../cli/catalogue";

const ROOT = resolve(import.meta.dirname, "..");

describe("the catalogue of methods", () => {
  it.each(METHODS.map((offered) => [offered.name, offered] as const))(
    "%s is the library's function, with options it has",
    (name, offered) => {
      expect((library as unknown as Record<string, unknown>)[name]).toBe(offered.make);
      const { name: called, options } = offered.make({});
      expect(called).toBe(name);
      for (const { flag, option } of offered.flags) expect(Object.keys(options), `--${flag}`).toContain(option);
      for (const shown of offered.shown ?? []) expect(offered.make(shown as Record<string, never>).options).toMatchObject(shown);
    },
  );

  it("has every method there is, each once", () => {
    const folder = resolve(ROOT, "bindings/resample");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((file) =>
      /^((over|under)\/.*|combined)\.ts$/.test(file) ? [resolve(folder, file)] : [],
    );
    const made = files.flatMap((file) =>
      Array.from(readFileSync(file, "utf8").matchAll(/^export function (\w+)\(.*\): (?:Overs|Res)ampler \{$/gm), ([, name]) => name!),
    );
    expect(METHODS.map(({ name }) => name).sort()).toEqual(made.sort());
  });

  it("takes one flag for one thing", () => {
    for (const { flag, option, reads } of METHODS.flatMap(({ flags }) => flags)) {
      expect(METHOD_FLAGS.find((known) => known.flag === flag)).toMatchObject({ option, reads });
    }
  });
});

it.each(["methods-table.js", "draw-methods.js"])("what scripts/%s writes is what is there", (script) => {
  const { status, stderr } = spawnSync(process.execPath, [resolve(ROOT, "scripts", script), "--check"], { encoding: "utf8" });
  expect([stderr, status]).toEqual(["", 0]);
});

it.each(METHODS.map(({ name }) => name))("the picture of %s tells those who do not see it what it shows", (name) => {
  const file = `docs/methods/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.svg`;
  const text = readFileSync(resolve(ROOT, file), "utf8");
  expect(text).toMatch(new RegExp(`<title id="title">Where ${name} puts new rows</title>\n<desc id="desc">${name}: .{200,}</desc>`));
  expect(text).toContain('role="img" aria-labelledby="title desc"');
  expect(text).toContain("prefers-color-scheme: dark");
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(text.length).toBeLessThan(40_000);
});
