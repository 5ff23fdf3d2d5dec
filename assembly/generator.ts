/** The binary `generator.wasm`: what a stored generator needs to make rows, and nothing else. */
export { draw_units, draw_normals } from "./random";
export { copy_rows, lerp_rows, scatter_rows, vote_codes, parent_codes } from "./interpolate";

export const heap_base: usize = __heap_base;
