// Components that dotc builds, called in a web page after jco has transpiled them.
//
// The page is served from a folder, calls, and sends what came out back to the server; Chromium is started on it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { DOT_BINARIES: binaries, DOT_CHROMIUM: chromium } = process.env;
assert.ok(binaries && chromium, "`cargo xtask test --full` sets DOT_BINARIES and DOT_CHROMIUM");
const root = fileURLToPath(new URL("../../", import.meta.url));
const jco = join(root, "tests/node/node_modules/@bytecodealliance/jco/dist/jco.js");

/** What the page runs. It has no access to this script: it is sent as text. */
const page = `<!doctype html><title>Dot</title><script type="module">
try {
  const { hello } = await import("./hello/hello.js");
  const { calc } = await import("./calc/calc.js");
  const { todo } = await import("./todo/todo.js");
  const failed = (call) => { try { call(); return null; } catch (error) { return error.payload?.tag ?? String(error); } };
  const [milk] = todo.add([], "milk", ["shop"]);
  await fetch("/result", { method: "POST", body: JSON.stringify({
    greeting: hello.hello("Zoë 😀"),
    sum: calc.calc("2 + 3 * 4"),
    error: failed(() => calc.calc("1 / 0")),
    shown: todo.show(todo.toggle([milk], 1), "all", undefined),
    agent: navigator.userAgent,
  }) });
} catch (error) {
  await fetch("/result", { method: "POST", body: JSON.stringify({ thrown: String(error) }) });
}
</script>`;

const types = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the folder; the promise is kept when the page has sent its result. */
function serve(folder) {
  let tell;
  const result = new Promise((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        response.end();
        tell(JSON.parse(body));
      });
      return;
    }
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const body = path === "/" ? page : readFileSync(join(folder, path));
      const type = types[path.slice(path.lastIndexOf("."))] ?? "text/html; charset=utf-8";
      response.writeHead(200, { "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return { server, result };
}

for (const flags of [[], ["--release"]]) {
  test(`in a page ${flags}`, { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "dot-browser-"));
    for (const name of ["hello", "calc", "todo"]) {
      const component = join(folder, `${name}.wasm`);
      execFileSync(join(binaries, "dotc"), ["build", join(root, `examples/${name}.dot`), "-o", component, ...flags]);
      execFileSync(process.execPath, [jco, "transpile", component, "-o", join(folder, name), "--quiet"]);
    }
    const { server, result } = serve(folder);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const options = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--user-data-dir=${join(folder, "profile")}`,
    ];
    const address = `http://127.0.0.1:${server.address().port}/`;
    const browser = spawn(chromium, [...options, address], { stdio: "ignore" });
    const ended = new Promise((_, reject) => {
      browser.on("error", reject);
      browser.on("exit", (code) => reject(new Error(`Chromium ended with ${code}`)));
    });
    try {
      const found = await Promise.race([result, ended]);
      assert.equal(found.thrown, undefined);
      assert.match(found.agent, /Chrome/);
      assert.equal(found.greeting, "Hello, Zoë 😀!");
      assert.equal(found.sum, 14);
      assert.equal(found.error, "divide-by-zero");
      assert.equal(found.shown, "[x] 1 milk #shop");
    } finally {
      ended.catch(() => {});
      const gone = new Promise((resolve) => browser.on("exit", resolve));
      if (browser.kill()) await gone;
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  });
}
