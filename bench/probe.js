/**
 * npm run bench:probe: how many multiply-adds a second one core does in WebAssembly, without relaxed SIMD: in f32, and in 16-bit integers with i32x4.dot_i16x8_s. Every register tile
 * is a function that adds `rows` × `vectors` products a step; its AssemblyScript is written and compiled here. What a kernel reaches is to be seen beside the best of them.
 */
import { cpus } from "node:os";
import asc from "assemblyscript/asc";
import { uniform } from "./data.js";
import { cell, median } from "./summary.js";

const DEPTH = 256;
const SAMPLES = 15;
const SAMPLE_MS = 20;
/** Sixteen vector registers, of which two are for what is loaded. */
const TILES = [1, 2, 3, 4, 6, 8].flatMap((rows) => [1, 2, 3, 4].flatMap((vectors) => (rows * vectors <= 16 ? [{ rows, vectors }] : [])));
const KINDS = {
  f32: { lanes: 4, zero: "f32x4.splat(0)", add: (sum, x, y) => `f32x4.add(${sum}, f32x4.mul(${x}, ${y}))`, products: 1 },
  i16: { lanes: 4, zero: "i32x4.splat(0)", add: (sum, x, y) => `i32x4.add(${sum}, i32x4.dot_i16x8_s(${x}, ${y}))`, products: 2 },
};

const nameOf = (kind, { rows, vectors }) => `${kind}_${rows}_${vectors}`;
const upTo = (count) => Array.from({ length: count }, (_, i) => i);

/** sums (rows, vectors) of 4 lanes ← Σ over `depth` steps of panel a (depth, rows) of 4 bytes × panel b (depth, vectors) of 16 bytes. */
function tile(kind, { rows, vectors }) {
  const { zero, add } = KINDS[kind];
  const sums = upTo(rows).flatMap((r) => upTo(vectors).map((v) => ({ r, v, name: `s${r}_${v}` })));
  const step = upTo(rows).map((r) => {
    const own = sums.filter((sum) => sum.r === r).map(({ v, name }) => `${name} = ${add(name, "x", `b${v}`)};`);
    return `x = v128.load32_splat(a, ${4 * r}); ${own.join(" ")}`;
  });
  return `export function ${nameOf(kind, { rows, vectors })}(out: usize, a: usize, b: usize, depth: i32): void {
  ${sums.map(({ name }) => `let ${name} = ${zero};`).join(" ")}
  let x = v128.splat<i32>(0);
  for (const end = a + <usize>(depth * ${4 * rows}); a < end; a += ${4 * rows}, b += ${16 * vectors}) {
    ${upTo(vectors)
      .map((v) => `const b${v} = v128.load(b, ${16 * v});`)
      .join(" ")}
    ${step.join("\n    ")}
  }
  ${sums.map(({ name }, i) => `v128.store(out, ${name}, ${16 * i});`).join(" ")}
}
`;
}

async function compile() {
  const source = Object.keys(KINDS).flatMap((kind) => TILES.map((shape) => tile(kind, shape)));
  const options = {
    optimizeLevel: 3,
    converge: true,
    noAssert: true,
    runtime: "stub",
    enable: ["simd"],
    use: ["abort="],
    initialMemory: 4,
  };
  const { error, binary, stderr } = await asc.compileString({ "input.ts": source.join("\n") }, options);
  if (error) throw new Error(stderr.toString());
  return new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
}

const OUT = 65_536;
const A = OUT + 4096;
const B = A + DEPTH * 4 * 8;

/** Small integers, so that every sum is exact in both kinds. */
function fillPanels(memory, kind) {
  const unit = uniform(1);
  const TypedArray = kind === "f32" ? Float32Array : Int16Array;
  const values = new TypedArray(memory.buffer, A, (DEPTH * (4 * 8 + 16 * 4)) / TypedArray.BYTES_PER_ELEMENT);
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(unit() * 200) - 100;
  return values;
}

/** Throws where a tile's sums are not those of a plain loop: a wrong tile can be fast. */
function check(wasm, kind, { rows, vectors }, values) {
  const { lanes, products } = KINDS[kind];
  const name = nameOf(kind, { rows, vectors });
  wasm[name](OUT, A, B, DEPTH);
  const sums = new (kind === "f32" ? Float32Array : Int32Array)(wasm.memory.buffer, OUT, rows * vectors * lanes);
  const b = (DEPTH * 4 * 8) / values.BYTES_PER_ELEMENT;
  sums.forEach((sum, at) => {
    const [r, column] = [Math.floor(at / (vectors * lanes)), at % (vectors * lanes)];
    let plain = 0;
    for (let step = 0; step < DEPTH; step++) {
      for (let p = 0; p < products; p++) {
        plain += values[(step * rows + r) * products + p] * values[b + (step * vectors * lanes + column) * products + p];
      }
    }
    if (plain !== sum) throw new Error(`${name}: sum ${at} is ${sum}, not ${plain}.`);
  });
}

/** Thousand million multiply-adds a second, one figure a sample. */
function rates(wasm, kind, { rows, vectors }) {
  const call = wasm[nameOf(kind, { rows, vectors })];
  const work = DEPTH * rows * vectors * KINDS[kind].lanes * KINDS[kind].products;
  const run = (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) call(OUT, A, B, DEPTH);
    return performance.now() - start;
  };
  // short calls first: the compiler replaces a function when it is entered, not while it runs
  run(20_000);
  const calls = Math.ceil((SAMPLE_MS / run(20_000)) * 20_000);
  return upTo(SAMPLES).map(() => (work * calls) / run(calls) / 1e6);
}

const wasm = await compile();
console.log(
  `${cpus()[0].model.trim()}, one core; node ${process.version}. Thousand million multiply-adds a second, median (least–most) of ${SAMPLES}.\n`,
);
console.log("| rows × vectors | f32x4 multiply, add | i32x4.dot_i16x8_s, add |\n| --- | --- | --- |");
const best = {};
for (const shape of TILES) {
  const cells = Object.keys(KINDS).map((kind) => {
    check(wasm, kind, shape, fillPanels(wasm.memory, kind));
    const samples = rates(wasm, kind, shape);
    if (!(best[kind]?.rate >= median(samples))) best[kind] = { rate: median(samples), ...shape };
    return cell(samples, 1);
  });
  console.log(`| ${shape.rows} × ${shape.vectors} | ${cells.join(" | ")} |`);
}
const words = Object.entries(best).map(([kind, { rate, rows, vectors }]) => `${kind} ${rate.toFixed(1)} with ${rows} × ${vectors}`);
console.log(`\nBest: ${words.join(", ")}.`);
