// Lets the tests import the pages' TypeScript modules as they are: types are taken out, `@/` is `src/`.
//   await import("./typescript.mjs"); then import("../src/….ts")
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

const SOURCE = new URL("../src/", import.meta.url);

export async function resolve(name, context, next) {
  const own = name.startsWith("@/") ? new URL(name.slice(2), SOURCE).href : name;
  const relative = own.startsWith(".") || own.startsWith("file:");
  return next(relative && context.parentURL?.endsWith(".ts") && !/\.\w+$/.test(own) ? `${own}.ts` : own, context);
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { default: typescript } = await import("typescript");
  const { outputText } = typescript.transpileModule(await readFile(new URL(url), "utf8"), {
    compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  return { format: "module", source: outputText, shortCircuit: true };
}

// The hooks run in a thread of their own, which loads this file once more.
if (isMainThread) register(import.meta.url);
