/** The binary `stats.wasm`: clustering, support vectors and logistic regression, for what needs them. */
export { draw_units } from "./random";
export { exp, log } from "./special";
export { pack_pairs, squares_to_pairs, sum_distances } from "./pairs";
export { clustering_bytes, set_clustering, narrow_rows, place_centers, assign_rows } from "./kmeans";
export { try_seeds, take_seed, sum_members, own_squares } from "./kmeans";
export { machine_bytes, set_machine, machine_gap, kernel_row, sum_kernels, solve_machine } from "./svm";
export { sum_narrow } from "./sieve";
export { move_cells, logistic_pass, softmax_pass, curvature_factors, add_gram } from "./logistic";
export { factor_cholesky, solve_cholesky } from "./cholesky";

export const heap_base: usize = __heap_base;
