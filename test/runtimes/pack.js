/** Packs the package and installs the tarball in an empty folder, with what is run there beside it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function packed(root) {
  const folder = mkdtempSync(join(tmpdir(), "counterpoise-runtimes-"));
  const npm = (args, cwd) => execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  npm(["pack", "--silent", "--pack-destination", folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(["install", "--no-save", "--offline", "--silent", `./${tarball}`], folder);
  cpSync(join(import.meta.dirname, "app"), folder, { recursive: true });
  cpSync(join(import.meta.dirname, "fingerprint.mjs"), join(folder, "fingerprint.mjs"));
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  return {
    root,
    folder,
    tarball: join(folder, tarball),
    installed: join(folder, "node_modules/counterpoise"),
    expected: JSON.parse(readFileSync(join(root, "test/golden/fingerprint.json"), "utf8")).sha256,
  };
}
