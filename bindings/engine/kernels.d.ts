/** The compiled binaries; which file answers is the runtime's choice, see "imports" in package.json. */
declare module "#kernels/core" {
  export function compile(): WebAssembly.Module;
  export function instantiate(module: WebAssembly.Module): WebAssembly.Exports;
}
declare module "#kernels/generator" {
  export function compile(): WebAssembly.Module;
  export function instantiate(module: WebAssembly.Module): WebAssembly.Exports;
}
declare module "#kernels/stats" {
  export function compile(): WebAssembly.Module;
  export function instantiate(module: WebAssembly.Module): WebAssembly.Exports;
}
declare module "#kernels/learn" {
  export function compile(): WebAssembly.Module;
  export function instantiate(module: WebAssembly.Module): WebAssembly.Exports;
}
declare module "#kernels/density" {
  export function compile(): WebAssembly.Module;
  export function instantiate(module: WebAssembly.Module): WebAssembly.Exports;
}
/** The program of a worker, bindings/run/worker.js, as text. */
declare module "#kernels/worker" {
  export const worker: string;
}
