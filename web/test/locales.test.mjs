// Both languages have the same keys and the same placeholders; every key that the code names literally exists.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

const root = new URL("..", import.meta.url).pathname;
const locales = join(root, "src/shell/locales");
const FILES = ["shared.json", "portal.json", "desk.json"];

function flat(value, prefix = "") {
  if (typeof value === "string") return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, prefix === "" ? key : `${prefix}.${key}`));
}
const read = (language, file) => new Map(flat(JSON.parse(readFileSync(join(locales, language, file), "utf8"))));
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

for (const file of FILES) {
  test(`${file}: the same keys in both languages`, () => {
    const zh = read("zh-CN", file);
    const en = read("en", file);
    assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort());
    for (const [key, text] of zh) {
      assert.notEqual(text.trim(), "", `${key} is empty`);
      assert.deepEqual(placeholders(text), placeholders(en.get(key)), `${key} has other placeholders in English`);
    }
  });

  test(`${file}: no text that the message syntax would misread`, () => {
    for (const language of ["zh-CN", "en"]) {
      for (const [key, text] of read(language, file)) {
        assert.doesNotMatch(text, /[@|]/, `${language} ${key}: @ and | are syntax`);
      }
    }
  });
}

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(vue|ts)$/.test(name) ? [path] : [];
  });
}

test("every key that the code names is a text", () => {
  const known = new Set(FILES.flatMap((file) => [...read("zh-CN", file).keys()]));
  const unknown = sources(join(root, "src")).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\b(?:t|translate)\(\s*["']([\w.-]+)["']/g)]
      .map((match) => match[1])
      .filter((key) => !known.has(key))
      .map((key) => `${path.slice(root.length)}: ${key}`),
  );
  assert.deepEqual(unknown, []);
});

test("every key begun by a literal has texts under it", () => {
  const known = FILES.flatMap((file) => [...read("zh-CN", file).keys()]);
  const unknown = sources(join(root, "src")).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\b(?:t|translate)\(\s*`([\w.-]+\.)\$\{/g)]
      .map((match) => match[1])
      .filter((start) => !known.some((key) => key.startsWith(start)))
      .map((start) => `${path.slice(root.length)}: ${start}`),
  );
  assert.deepEqual(unknown, []);
});

test("every word of the interface's vocabularies has a text", () => {
  const api = JSON.parse(readFileSync(join(root, "../crates/api/openapi.json"), "utf8"));
  const known = new Set(FILES.flatMap((file) => [...read("zh-CN", file).keys()]));
  const VOCABULARIES = {
    Kind: "kind",
    Channel: "channel",
    Stage: "stage",
    Mark: "mark",
    PauseReason: "pause",
    Ground: "ground",
    Content: "content",
    Grade: "grade",
    Form: "form",
    Purpose: "purpose",
    Outcome: "outcome",
    ReopenReason: "reopen",
    AssignReason: "assignReason",
    Rule: "rule",
    Role: "role",
    Event: "event",
    ClockStateWord: "clock",
    CauseWord: "breach.cause",
    OverdueCause: "figures.causes",
    Verdict: "figures.verdict",
    Dimension: "figures.groups",
    Urgency: "urgency",
    Complexity: "complexity",
    Severity: "severity",
    Site: "site",
    PersonalField: "personalField",
    MessageStep: "messageStep",
    ForCustomer: "commitments.for",
    LevelWord: "commitments.level",
  };
  const missing = Object.entries(VOCABULARIES).flatMap(([schema, place]) => {
    const found = api.components.schemas[schema];
    assert.ok(found, `the snapshot has no ${schema}`);
    const words = found.enum ?? found.oneOf?.flatMap((one) => one.enum ?? []) ?? [];
    assert.ok(words.length > 0, `${schema} has no words`);
    return words.filter((word) => !known.has(`${place}.${word}`)).map((word) => `${place}.${word}`);
  });
  assert.deepEqual(missing, []);
});
