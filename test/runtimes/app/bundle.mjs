/** What bundlers bundle: an app of both entries. */
export * as generator from "counterpoise/generator";
export * as main from "counterpoise";
