// The text of a query, in which the filters of the search page stand.
import assert from "node:assert/strict";
import test from "node:test";

await import("./typescript.mjs");
const { around, pieces, toggled, valueOf } = await import("../src/features/search/query-text.ts");

test("a query falls apart at gaps, not in quotation marks", () => {
  assert.deepEqual(pieces('空调 "air conditioner" -noisy'), ["空调", '"air conditioner"', "-noisy"]);
  assert.deepEqual(pieces("“不 制冷”　team:\"hot line\" x"), ["“不 制冷”", 'team:"hot line"', "x"]);
  assert.deepEqual(pieces('a "open end'), ["a", '"open end']);
  assert.deepEqual(pieces("  "), []);
});

test("a filter is set, exchanged and taken back", () => {
  const repairs = toggled("空调", "kind", "repair");
  assert.equal(repairs, "空调 kind:repair");
  assert.equal(valueOf(repairs, "kind"), "repair");
  assert.equal(toggled(repairs, "kind", "complaint"), "空调 kind:complaint");
  assert.equal(toggled(repairs, "kind", "repair"), "空调");
  assert.equal(toggled("Kind:repair a", "state", "open"), "Kind:repair a state:open");
});

test("the place of a mistake is counted in characters", () => {
  assert.deepEqual(around("😀空 kinds:x", 4), ["😀空 ", "kinds:x"]);
  assert.deepEqual(around("a", 1), ["", "a"]);
});
