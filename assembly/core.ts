/** The binary `core.wasm`: everything the main entry needs. */
export { philox, draw_units } from "./random";
export { exp, log } from "./special";
export { add_columns, divide_columns, fill_missing } from "./columns";
export { lerp_rows, scatter_rows, vote_codes } from "./interpolate";
export { group_leaves } from "./neighbors/leaves";
export { rows_bytes, set_rows, packed_bytes, pack_rows } from "./neighbors/rows";
export { clear_lists, merge_lists, sort_lists } from "./neighbors/lists";
export { order_key } from "./neighbors/distance";
export { score_leaves } from "./neighbors/tiles";
export { search_bytes, set_search, search_evaluated, add_evaluated, search_direct } from "./neighbors/search";
export { search_scratch_bytes, search_pairs, search_leaves, search_pair, leaf_distance } from "./neighbors/exhaustive";

export { tree_bytes, project_rows, build_tree } from "./neighbors/tree";
export { walk_bytes, set_walk, walk_query, walk_scanned, walk_tree } from "./neighbors/walk";

/** Where the arena begins: everything above belongs to the caller. */
export const heap_base: usize = __heap_base;
