// A workspace of five packages that stands on components which rustc made: built by dotc, run by dot, and called from
// JavaScript after jco has transpiled it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const binaries = process.env.DOT_BINARIES;
assert.ok(binaries, "DOT_BINARIES names the folder of dotc; `cargo xtask test` sets it");
const jco = fileURLToPath(new URL("node_modules/@bytecodealliance/jco/dist/jco.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dot-foreign-"));
after(() => rmSync(folder, { recursive: true }));
cpSync(fileURLToPath(new URL("../foreign", import.meta.url)), folder, { recursive: true });
// Components that were made just now take the place of those that are kept.
if (process.env.DOT_FOREIGN) cpSync(process.env.DOT_FOREIGN, join(folder, "fixtures"), { recursive: true });

const workspace = join(folder, "workspace");
const dotc = (...words) => execFileSync(join(binaries, "dotc"), words, { cwd: workspace, encoding: "utf8", stdio: "pipe" });
const dot = (...words) => spawnSync(join(binaries, "dot"), words, { cwd: workspace, encoding: "utf8" });

/** Transpiles a component and imports what it exports. */
async function load(component, name, ...options) {
  const out = join(folder, name);
  execFileSync(process.execPath, [jco, "transpile", component, "-o", out, "--quiet", ...options]);
  return import(pathToFileURL(join(out, `${name}.js`)));
}

const text = "To be, or not to be: that is the question. Be!";

for (const flags of [[], ["--release"]]) {
  // r[package.component], r[package.component.module]
  test(`five packages on a component of rustc ${flags}`, async () => {
    dotc("build", "app", "-o", "app.wasm", ...flags);
    const name = `app${flags.length}`;
    cpSync(join(workspace, "app.wasm"), join(folder, `${name}.wasm`));
    const { main } = await load(join(folder, `${name}.wasm`), name);
    // Counted by hand; 31 is what the two versions of a package say.
    assert.deepEqual(main.words(text), [`be ${3 * 31}`, `to ${2 * 31}`, `is ${31}`]);
    assert.equal(main.sum(["12", "30"]), 42n);
    assert.throws(
      () => main.sum(["1", "2a"]),
      (error) => error.payload === "'a' is no digit",
    );
    assert.throws(
      () => main.sum(["18446744073709551616"]),
      (error) => error.payload === "18446744073709551616 is too large",
    );
    // The same by the host, with nothing granted: it imports nothing.
    const ran = dot("run", "app.wasm", "words", "--text", text, "--output", "json");
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.deepEqual(JSON.parse(ran.stdout), ["be 93", "to 62", "is 31"]);
    assert.match(dot("inspect", "app.wasm").stdout, /^pure: /m);
  });
}

// r[package.component.effect]: what the component imports is the effect of the dot that calls it.
test("a component's import is an effect, a grant, and an import of JavaScript", async () => {
  const main = join(workspace, "app/src/main.dot");
  const pure = readFileSync(main, "utf8");
  const stamped = (uses) => `${pure}\ndot stamped(label: string) -> string ${uses}{ log.stamp(label) }\n`;
  writeFileSync(main, stamped(""));
  const refused = spawnSync(join(binaries, "dotc"), ["check", "app"], { cwd: workspace, encoding: "utf8" });
  assert.equal(refused.status, 65);
  assert.match(refused.stderr, /undeclared-effect.*\n.*main\.dot:\d+/);
  assert.match(refused.stderr, /wasi:clocks\/monotonic-clock@0\.2\.12/);
  writeFileSync(main, stamped("uses log "));
  dotc("build", "app", "-o", "app.wasm");
  const denied = dot("run", "app.wasm", "stamped", "--label", "now");
  assert.equal(denied.status, 77);
  assert.match(denied.stderr, /wasi:clocks\/monotonic-clock.*\n?.*--allow clock/s);
  const ran = dot("run", "app.wasm", "stamped", "--label", "now", "--allow", "clock");
  assert.match(ran.stdout, /^now@\d+\n$/);
  cpSync(join(workspace, "app.wasm"), join(folder, "stamped.wasm"));
  // The clock is one of JavaScript.
  writeFileSync(join(folder, "clock.mjs"), "export const now = () => 41n;\n");
  const clock = ["--map", "wasi:clocks/monotonic-clock=../clock.mjs"];
  const { main: called } = await load(join(folder, "stamped.wasm"), "stamped", ...clock);
  assert.equal(called.stamped("then"), "then@41");
  const told = JSON.parse(dotc("effects", "app", "--format", "json"));
  const stampedDot = told.dots.find((one) => one.dot === "main.stamped");
  assert.deepEqual(stampedDot.effects, ["wasi:clocks/monotonic-clock@0.2.12"]);
  writeFileSync(main, pure);
});
