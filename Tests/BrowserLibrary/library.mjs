// The library, and its text.
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";

globalThis.crypto ??= webcrypto; // Node 18 has it elsewhere.

const file = new URL("../../Sources/ChatServer/Resources/hubbub.js", import.meta.url);

export const source = await readFile(file, "utf8");
export const { Hubbub } = await import(file.href);
