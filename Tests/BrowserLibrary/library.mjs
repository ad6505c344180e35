// The library: its source, and the form that the daemon serves.
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";

globalThis.crypto ??= webcrypto; // Node 18 has it in a module only.

const file = new URL("../../Sources/ChatServer/Resources/hubbub.js", import.meta.url);

export const source = await readFile(file, "utf8");
export const { Hubbub } = await import(file.href);

export async function servedText(daemon) {
  return (await fetch(new URL("/hubbub.js", daemon.url))).text();
}

/**
 * The module that browsers get. Its `url` must be given, because it was not loaded from a server.
 */
export async function served(daemon) {
  return import(`data:text/javascript,${encodeURIComponent(await servedText(daemon))}`);
}
