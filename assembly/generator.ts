/** The binary `generator.wasm`: what a stored generator needs to make rows, and nothing else. */
export { draw_units } from "./random";
export { lerp_rows, scatter_rows, vote_codes } from "./interpolate";

export const heap_base: usize = __heap_base;
