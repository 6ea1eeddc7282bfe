// The grammar for the first paint, run by the engine that VS Code runs it with. What each word is, is read off the
// language's own list of keywords and forms.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { Registry, parseRawGrammar, INITIAL } = require("vscode-textmate");
const { createOnigScanner, createOnigString, loadWASM } = require("vscode-oniguruma");
const here = dirname(fileURLToPath(import.meta.url));

async function grammar() {
  const wasm = readFileSync(join(dirname(require.resolve("vscode-oniguruma")), "onig.wasm"));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).catch(() => {});
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async (scope) => {
      if (scope !== "source.dot") return null;
      const path = join(here, "../syntaxes/dot.tmLanguage.json");
      return parseRawGrammar(readFileSync(path, "utf8"), path);
    },
  });
  return registry.loadGrammar("source.dot");
}

/** The innermost scope of each piece of a text, as `text: scope`. */
function scopes(loaded, text) {
  let stack = INITIAL;
  const found = [];
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = loaded.tokenizeLine(line, stack);
    for (const token of tokens) {
      const piece = line.slice(token.startIndex, token.endIndex).trim();
      if (piece !== "") found.push([piece, token.scopes.at(-1)]);
    }
    stack = ruleStack;
  }
  return found;
}

test("declarations, types and keywords", async () => {
  const found = scopes(await grammar(), "pub opaque record Box { size: u32 }\ndot Box.area(self: Box) -> u32 { match self { _ => LIMIT } }");
  const expected = {
    pub: "storage.modifier.dot",
    opaque: "storage.modifier.dot",
    record: "keyword.declaration.type.dot",
    Box: "entity.name.type.dot",
    u32: "support.type.primitive.dot",
    dot: "keyword.declaration.function.dot",
    area: "entity.name.function.dot",
    self: "variable.language.self.dot",
    match: "keyword.control.dot",
    LIMIT: "variable.other.constant.dot",
  };
  for (const [piece, scope] of Object.entries(expected)) {
    assert.ok(found.some(([text, is]) => text === piece && is === scope), `${piece}: ${JSON.stringify(found)}`);
  }
});

test("keywords after a dot and before a colon are names", async () => {
  const found = scopes(await grammar(), "fn f() { a.match(1)\n { match: 1 } }");
  assert.ok(!found.some(([text, scope]) => text === "match" && scope === "keyword.control.dot"), JSON.stringify(found));
});

test("strings hold expressions that hold strings", async () => {
  const found = scopes(await grammar(), 'let s = "a {f("b")} \\{c" // end');
  const scope = (piece) => found.find(([text]) => text === piece)?.[1];
  assert.equal(scope("f"), "entity.name.function.call.dot");
  assert.equal(scope("\\{"), "constant.character.escape.dot");
  assert.equal(scope("// end"), "comment.line.double-slash.dot");
});

test("only a string of three quotes goes on over the end of its line", async () => {
  const loaded = await grammar();
  const open = scopes(loaded, 'let s = "open\nlet t = 1');
  assert.deepEqual(open.at(-1), ["1", "constant.numeric.integer.dot"]);
  const triple = scopes(loaded, 'let s = """\nlet {t}\n"""\nlet u');
  assert.ok(triple.some(([text, is]) => text === "let" && is === "string.quoted.triple.dot"), JSON.stringify(triple));
  assert.deepEqual(triple.at(-2), ["let", "keyword.declaration.dot"]);
});

test("what package.json names is there", () => {
  const manifest = JSON.parse(readFileSync(join(here, "../package.json"), "utf8"));
  const { languages, grammars, snippets } = manifest.contributes;
  const paths = [languages[0].configuration, ...grammars.map((one) => one.path), ...snippets.map((one) => one.path)];
  for (const path of paths) {
    JSON.parse(readFileSync(join(here, "..", path), "utf8"));
  }
});
