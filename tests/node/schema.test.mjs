// The JSON Schemas of the spec tell valid documents from invalid ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import Ajv2020 from "ajv/dist/2020.js";

const schema = (name) => {
  const file = new URL(`../../spec/schema/${name}.schema.json`, import.meta.url);
  // Strict mode refuses keywords that the schema misspells.
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
  return ajv.compile(JSON.parse(readFileSync(file, "utf8")));
};

/** Every valid document passes; every broken copy of the first valid one fails. */
function tellsApart(name, valid, broken) {
  const validate = schema(name);
  for (const document of valid) {
    assert.ok(validate(document), `${JSON.stringify(document)}: ${JSON.stringify(validate.errors)}`);
  }
  for (const [why, change] of Object.entries(broken)) {
    const document = structuredClone(valid[0]);
    change(document);
    assert.equal(validate(document), false, `accepted although ${why}`);
  }
}

test("Dot.toml", () => {
  tellsApart(
    "dot-toml",
    [
      { name: "acme:geo", version: "0.1.0", language: "0.1" },
      {
        name: "a1:b-c2",
        version: "1.2.3-rc.1+5",
        language: "0.1",
        features: ["fixed-length-lists"],
        dependencies: {
          "acme:geo": "1.2",
          shapes: { path: "../shapes" },
          engine: { path: "engine.wasm" },
        },
      },
    ],
    {
      "the name has no namespace": (d) => (d.name = "geo"),
      "the name is not a WIT identifier": (d) => (d.name = "acme:Geo"),
      "the name's segment begins with a digit": (d) => (d.name = "acme:3d"),
      "a word of the name begins with a digit": (d) => (d.name = "acme:b-2"),
      "the version has two parts": (d) => (d.version = "0.1"),
      "the version has a leading zero": (d) => (d.version = "01.0.0"),
      "the language is unknown": (d) => (d.language = "9.9"),
      "the language is missing": (d) => delete d.language,
      "a key is unknown": (d) => (d.nmae = "acme:geo"),
      "a feature is named twice": (d) => (d.features = ["fixed-length-lists", "fixed-length-lists"]),
    },
  );
});

test("a dot's description", () => {
  tellsApart(
    "dot",
    [
      {
        package: "local:todo",
        interface: "todo",
        name: "add-all",
        spelling: "add_all",
        doc: "Adds todos.",
        parameters: [
          { name: "items", type: { list: { named: "Todo" } }, constraints: { max_len: 100 } },
          { name: "limit", type: "u32", default: 10 },
        ],
        result: { result: { ok: { option: { named: "Todo" } }, err: "string" } },
        effects: ["wasi:keyvalue/store@0.2.0"],
        types: {
          Todo: { kind: "record", fields: [{ name: "title", type: "string", doc: "What to do." }] },
          State: { kind: "enum", cases: [{ name: "open" }, { name: "done" }] },
          Shape: {
            kind: "variant",
            cases: [{ name: "line", parts: [{ label: "from", type: "f64" }, { type: "f64" }] }],
          },
        },
      },
      { package: "local:hello", interface: "hello", name: "hello", parameters: [], effects: [] },
    ],
    {
      "effects are missing": (d) => delete d.effects,
      "the name is not kebab-case": (d) => (d.name = "add_all"),
      "a type is unknown": (d) => (d.parameters[1].type = "int"),
      "a type has two heads": (d) => (d.parameters[0].type.option = "u8"),
      "a map has no key": (d) => (d.result = { map: { value: "u8" } }),
      "a constraint is unknown": (d) => (d.parameters[0].constraints = { maximum: 3 }),
      "a record has no fields": (d) => delete d.types.Todo.fields,
      "an enum has no case": (d) => (d.types.State.cases = []),
    },
  );
});
