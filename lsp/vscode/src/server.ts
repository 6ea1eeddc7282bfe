// Where the language server is.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAME = process.platform === "win32" ? "dot-lsp.exe" : "dot-lsp";

/**
 * The server's file: what the settings say, or what is on the PATH, or the newest kind of build in one of the
 * workspace's folders; undefined where there is none.
 */
export function findServer(
  configured: string,
  folders: readonly string[],
  path: string = process.env.PATH ?? "",
  exists: (file: string) => boolean = existsSync,
): string | undefined {
  if (configured !== "") {
    return configured;
  }
  const onPath = path.split(delimiter).filter((folder) => folder !== "");
  const built = folders.flatMap((folder) => ["release", "debug"].map((kind) => join(folder, "target", kind)));
  return [...onPath, ...built].map((folder) => join(folder, NAME)).find((file) => exists(file));
}
