/** Both entries in one, for pages without a bundler: dist/browser.js puts it into the global `counterpoise`, dist/browser.mjs is a module. */
export * from "./index";
export { restoreGenerator } from "./generator";
