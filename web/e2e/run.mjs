// Starts the product on an empty data directory, waits until it is ready, runs the journeys, stops it.
//   YINUO_BIN=path/to/yinuo node e2e/run.mjs
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";

const bin = process.env.YINUO_BIN;
if (!bin) {
  console.error("YINUO_BIN names the binary of the product");
  process.exit(2);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const data = await mkdtemp(join(tmpdir(), "yinuo-e2e-"));
const extra = (process.env.YINUO_ARGS ?? "").split(" ").filter((arg) => arg !== "");
const server = spawn(bin, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...extra], {
  stdio: ["ignore", "pipe", "pipe"],
});
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
      if ((await fetch(`${base}/readyz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server is not ready:\n${output}`);
}

function setupCode() {
  const found = /set-?up.code\W+([A-Za-z0-9-]{6,})/i.exec(output.replace(/\u001b\[[0-9;]*m/g, ""));
  if (!found) throw new Error(`the server printed no set-up code:\n${output}`);
  return found[1];
}

let status = 1;
try {
  await ready();
  const journeys = spawn(process.execPath, ["--test", "--test-concurrency=1", new URL("journeys.test.mjs", import.meta.url).pathname], {
    stdio: "inherit",
    env: { ...process.env, BASE_URL: base, SETUP_CODE: process.env.SETUP_CODE ?? setupCode() },
  });
  [status] = await once(journeys, "exit");
  if (status !== 0) console.error(output.slice(-8000));
} catch (error) {
  console.error(error.message);
} finally {
  server.kill("SIGTERM");
  await ended;
  await rm(data, { recursive: true, force: true });
}
process.exit(status ?? 1);
