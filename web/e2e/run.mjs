// Starts the product on an empty data directory, waits until it is ready, runs the journeys, stops it.
//   YINUO_BIN=path/to/yinuo node e2e/run.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MODEL, startModel } from "./model.mjs";

const bin = process.env.YINUO_BIN;
if (!bin) {
  console.error("YINUO_BIN names the binary of the product");
  process.exit(2);
}

const data = await mkdtemp(join(tmpdir(), "yinuo-e2e-"));
const addressFile = join(data, "address");
const extra = (process.env.YINUO_ARGS ?? "").split(" ").filter((arg) => arg !== "");
const model = await startModel();
const config = join(data, "yinuo.toml");
await writeFile(config, `[adviser]\nurl = "${model.url}"\nmodel = "${MODEL}"\n`);
const args = ["serve", "--config", config, "--data", join(data, "desk"), "--listen", "127.0.0.1:0", "--address-file", addressFile, ...extra];
const server = spawn(bin, args, { stdio: ["ignore", "pipe", "pipe"] });
let output = "";
for (const stream of [server.stdout, server.stderr]) {
  stream.on("data", (chunk) => {
    output += chunk;
    if (process.env.E2E_VERBOSE) process.stderr.write(chunk);
  });
}
const ended = once(server, "exit");

async function ready() {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended:\n${output}`);
    try {
      const base = `http://${(await readFile(addressFile, "utf8")).trim()}`;
      if ((await fetch(`${base}/readyz`)).ok) return base;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server is not ready:\n${output}`);
}

function setupCode() {
  const found = /(?:with this code: |设置码：)(\S+)/.exec(output);
  if (!found) throw new Error(`the server printed no set-up code:\n${output}`);
  return found[1];
}

let status = 1;
try {
  const base = await ready();
  // One after the other, in this order: the first one settles the desk that the others work at.
  status = 0;
  for (const name of ["journeys", "disputes", "receipts", "privacy", "search", "knowledge", "wording", "advice", "understanding"]) {
    const journeys = spawn(process.execPath, ["--test", new URL(`${name}.test.mjs`, import.meta.url).pathname], {
      stdio: "inherit",
      env: { ...process.env, BASE_URL: base, SETUP_CODE: process.env.SETUP_CODE ?? setupCode() },
    });
    const [ended] = await once(journeys, "exit");
    status ||= ended ?? 1;
  }
  if (status !== 0) console.error(output.slice(-8000));
} catch (error) {
  console.error(error.message);
} finally {
  server.kill("SIGTERM");
  await ended;
  model.stop();
  await rm(data, { recursive: true, force: true });
}
process.exit(status);
