/** The compiled binaries; which file answers is the runtime's choice, see "imports" in package.json. */
declare module "#kernels/core" {
  export function compile(): WebAssembly.Module;
}
declare module "#kernels/generator" {
  export function compile(): WebAssembly.Module;
}
