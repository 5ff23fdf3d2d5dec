/** The binary `learn.wasm`: logistic regression, for what needs it. */
export { exp, log } from "./special";
export { move_cells, logistic_pass, logistic_chances, softmax_pass, curvature_factors, add_gram } from "./logistic";
export { narrow_cells, rough_pass, rough_gram } from "./rough";
export { factor_cholesky, solve_cholesky } from "./cholesky";

export const heap_base: usize = __heap_base;
