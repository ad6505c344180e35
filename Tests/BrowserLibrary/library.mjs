// The library as browsers load it. Node would have to guess from its name that it is a module.
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";

globalThis.crypto ??= webcrypto; // Node 18 has it elsewhere.

const file = new URL("../../Sources/ChatServer/Resources/hubbub.js", import.meta.url);

export const source = await readFile(file, "utf8");
export const { Hubbub } = await import(
  `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
