// The client: starts the language server and shows how it is.

import * as vscode from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { findServer } from "./server";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = vscode.languages.createLanguageStatusItem("dot.server", { language: "dot" });
  status.name = "Dot";
  status.command = { title: "Restart", command: "dot.restart" };
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand("dot.restart", async () => {
      await client?.dispose();
      client = await start(status);
    }),
    vscode.commands.registerCommand("dot.run", () => inTerminal("run")),
    vscode.commands.registerCommand("dot.test", () => inTerminal("test")),
  );
  client = await start(status);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}

async function start(status: vscode.LanguageStatusItem): Promise<LanguageClient | undefined> {
  const configured = vscode.workspace.getConfiguration("dot").get<string>("server.path", "");
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const command = findServer(configured, folders);
  if (command === undefined) {
    status.text = "no dot-lsp";
    status.severity = vscode.LanguageStatusSeverity.Error;
    status.detail = "Put dot-lsp on the PATH, or set dot.server.path.";
    return undefined;
  }
  const started = new LanguageClient(
    "dot",
    "Dot",
    { command, args: ["--stdio"] },
    { documentSelector: [{ language: "dot" }] },
  );
  started.onDidChangeState(({ newState }) => {
    status.busy = newState === State.Starting;
    status.text = newState === State.Running ? "dot-lsp" : "dot-lsp is not running";
    status.severity =
      newState === State.Stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    status.detail = command;
  });
  try {
    await started.start();
  } catch (error) {
    vscode.window.showErrorMessage(`Dot's language server can't start: ${String(error)}`);
  }
  return started;
}

function inTerminal(what: "run" | "test"): void {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (file === undefined) {
    return;
  }
  const terminal = vscode.window.terminals.find((terminal) => terminal.name === "Dot") ??
    vscode.window.createTerminal("Dot");
  terminal.show();
  // In single quotes a shell takes everything as it is, but for the quote itself.
  const quoted = process.platform === "win32" ? `"${file}"` : `'${file.replaceAll("'", "'\\''")}'`;
  terminal.sendText(`dot ${what} ${quoted}`);
}
