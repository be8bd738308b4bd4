// What is typed into the search of the ticket list: a number of a ticket, or somebody's contact.
import assert from "node:assert/strict";
import test from "node:test";

await import("./typescript.mjs");
const { contactOf, looksLikeContact } = await import("../src/features/tickets/contact.ts");

test("whole contacts are looked for as what they are", () => {
  for (const phone of ["13800000000", "+86 138-0000-0000", "(021) 5555 0000", " 021-55550000 "]) {
    assert.deepEqual(contactOf(phone), { phone: phone.trim() }, phone);
  }
  assert.deepEqual(contactOf(" wang@example.com "), { email: "wang@example.com" });
});

test("numbers of tickets, and contacts that are not whole, are none", () => {
  for (const text of ["", "TS-20261121-0007", "ts-2026", "0007", "138000", "wang@", "wang@example", "a b@c.d"]) {
    assert.equal(contactOf(text), null, text);
  }
});

test("what is on the way to a contact is no number", () => {
  for (const text of ["w@", "wang@exam", "13800000000"]) assert.ok(looksLikeContact(text), text);
  for (const text of ["TS-20261121", "138000", ""]) assert.ok(!looksLikeContact(text), text);
});
