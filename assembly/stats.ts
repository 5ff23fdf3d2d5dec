/** The binary `stats.wasm`: clustering and support vectors, for what needs them. */
export { draw_units } from "./random";
export { pack_pairs, squares_to_pairs, sum_distances } from "./pairs";
export { clustering_bytes, set_clustering, narrow_rows, place_centers, assign_rows } from "./kmeans";
export { try_seeds, take_seed, sum_members, own_squares } from "./kmeans";
export { machine_bytes, set_machine, machine_gap, kernel_row, sum_kernels, solve_machine } from "./svm";
export { sum_narrow } from "./sieve";

export const heap_base: usize = __heap_base;
