/** The binary `density.wasm`: kernel sums, and systems of linear equations, for densities, discrepancies and what classifies by kernels. */
export { raise_powers } from "./density/powers";
export { pack_tiles } from "./density/tiles";
export { center_tiles } from "./density/products";
export { log_sums, weigh_kernels, add_kernels, kernel_gradients } from "./density/sums";
export { add_moments, translate, expand } from "./density/expansions";
export { sum_groupings } from "./density/permutations";
export { add_waves } from "./density/waves";
export { factor_panel, solve_rows, update_rows, solve_lu, invert_rows, inverse_diagonal } from "./density/lu";

export const heap_base: usize = __heap_base;
