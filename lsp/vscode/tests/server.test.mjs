// Where the server is looked for. The module is TypeScript, so it is bundled first, as the extension itself is.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const out = join(mkdtempSync(join(tmpdir(), "dot-vscode-")), "server.cjs");
require("esbuild").buildSync({
  entryPoints: [new URL("../src/server.ts", import.meta.url).pathname],
  bundle: true,
  platform: "node",
  format: "cjs",
  outfile: out,
});
const { findServer } = require(out);
const name = process.platform === "win32" ? "dot-lsp.exe" : "dot-lsp";

test("the setting wins, then the PATH, then a build", () => {
  const path = ["/bin", "/tools"].join(delimiter);
  const there = (...files) => (file) => files.includes(file);
  const built = join("/work", "target", "debug", name);
  const onPath = join("/tools", name);
  assert.equal(findServer("/mine", ["/work"], path, there(onPath)), "/mine");
  assert.equal(findServer("", ["/work"], path, there(onPath, built)), onPath);
  assert.equal(findServer("", ["/work"], path, there(built)), built);
  assert.equal(findServer("", ["/work"], path, there()), undefined);
});
