/** The public log of the site that this page comes from. */
import type { Bytes } from "./bytes";
import type { LogSource } from "./growth";
import { tilePath } from "./tiles";

/** The site answered, but not with what was asked for. */
export class NoSuchPart extends Error {}

async function read(path: string): Promise<Response> {
  // Nothing of an earlier visit: the question is what the server says now.
  const answer = await fetch(path, { cache: "no-store", credentials: "omit" });
  if (answer.status === 404) throw new NoSuchPart(path);
  if (!answer.ok) throw new Error(`${path} ${answer.status}`);
  return answer;
}

async function consistency(from: number, to: number): Promise<string[]> {
  const answer: unknown = await (await read(`/log/proof?from=${from}&to=${to}`)).json();
  const proof = typeof answer === "object" && answer !== null && "proof" in answer ? answer.proof : null;
  if (!Array.isArray(proof) || !proof.every((hash) => typeof hash === "string")) throw new Error("no proof");
  return proof;
}

export const siteLog: LogSource & {
  key(): Promise<string>;
  tile(level: number, n: number, width: number): Promise<Bytes>;
} = {
  checkpoint: async () => (await read("/log/checkpoint")).text(),
  proof: consistency,
  key: async () => (await read("/log/key")).text(),
  tile: async (level, n, width) => new Uint8Array(await (await read(`/log/tile/${tilePath(level, n, width)}`)).arrayBuffer()),
};
