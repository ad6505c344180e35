// Starts the real daemon, in a folder of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export class Daemon {
  /** A daemon on a free port, which it keeps over restarts. */
  static async start(...settings) {
    const daemon = new Daemon();
    daemon.settings = settings;
    daemon.data = await mkdtemp(join(tmpdir(), "hubbub-"));
    daemon.port = 0;
    await daemon.restart();
    return daemon;
  }

  async restart() {
    const settings = ["--port", String(this.port), "--data", this.data, ...this.settings];
    this.process = spawn(process.env.HUBBUB_BIN, ["serve", ...settings], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    const lines = createInterface({ input: this.process.stderr });
    this.port = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const found = line.match(/listening on\b.*?:(\d{1,5})(?=[\s,"]|$)/i);
        if (found) resolve(Number(found[1]));
      });
      this.ended.then((code) => reject(new Error(`the daemon ended with ${code}`)));
    });
  }

  get url() {
    return `http://127.0.0.1:${this.port}/ws`;
  }

  async kill(signal) {
    this.process.kill(signal);
    await this.ended;
  }

  async stop() {
    await this.kill("SIGTERM");
    await rm(this.data, { recursive: true });
  }
}
