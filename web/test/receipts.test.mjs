// Receipts are verified in the browser: genuine ones pass, and every change is named for what it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test, { describe } from "node:test";

import { checkpoint, consistency, leafHash, other, path, receipt, root, signer, tile } from "./receipt-forge.mjs";

await import("./typescript.mjs");
const { CODES, verdict, verifyReceipt } = await import("../src/features/receipts/verify.ts");
const { checkGrowth } = await import("../src/features/receipts/growth.ts");
const { MAX_RECEIPT_BYTES } = await import("../src/features/receipts/receipt-file.ts");
const { checkPaper, proofFromTiles, tilePath } = await import("../src/features/receipts/tiles.ts");
const { isConsistent, rootOfInclusion } = await import("../src/features/receipts/tree.ts");
const { readCheckpoint, readKey } = await import("../src/features/receipts/note.ts");

const key = signer("yinuo.local/main");
const bytes = (buffer) => Uint8Array.from(buffer);
const b64 = (buffer) => buffer.toString("base64");
const state = (verified, name) => verified.steps.find((step) => step.name === name);
/** The first thing that was found wrong. */
const found = (verified) => verified.steps.find((step) => step.state === "failed");
const codeOf = async (file, given = key.vkey) => found(await verifyReceipt(JSON.stringify(file), given))?.code;

describe("a genuine receipt", () => {
  test("passes every step with the key from elsewhere", async () => {
    const { file } = receipt(key);
    const verified = await verifyReceipt(JSON.stringify(file), ` ${key.vkey}\n`);
    assert.deepEqual(
      verified.steps.map((step) => [step.name, step.state]),
      ["file", "number", "words", "record", "position", "signature"].map((name) => [name, "passed"]),
    );
    assert.equal(verdict(verified.steps), "genuine");
    assert.deepEqual(verified.words, { subject: "发票金额不符", body: "多收了两个月。" });
    assert.deepEqual(state(verified, "position").values, { position: 5, size: 11 });
  });

  test("with only the key in the file it is genuine as far as it can tell", async () => {
    const { file } = receipt(key);
    const verified = await verifyReceipt(JSON.stringify(file));
    assert.deepEqual([state(verified, "signature").state, state(verified, "signature").code], ["warned", "key-from-file"]);
    assert.equal(verdict(verified.steps), "genuine-own-key");
  });

  test("passes at every position of logs of 1 to 20 records", async () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let position = 1; position <= size; position += 1) {
        const { file } = receipt(key, { position, size });
        assert.equal(await codeOf(file), undefined, `${position} of ${size}`);
      }
    }
  });

  test("has room for a byte order mark, cosignatures, extension lines and blank words", async () => {
    const { file, leaves } = receipt(key);
    assert.equal(found(await verifyReceipt(`\ufeff${JSON.stringify(file, null, 2)}\n`, key.vkey)), undefined);
    const witness = signer("witness.example/w1");
    const text = `${key.name}\n${leaves.length}\n${b64(root(leaves))}\nan extension\n`;
    file.checkpoint = `${text}\n${witness.line(text)}${key.line(text)}`;
    assert.equal(await codeOf(file), undefined);
  });
});

/** What a forger might change, and what it is told to be. */
const FORGERIES = {
  "another version": [(file) => (file.yinuo_receipt = 2), "other-version"],
  "another origin": [(file) => (file.origin = "elsewhere.example/log"), "origin-differs"],
  "a key that is none": [(file) => (file.key = "nonsense"), "key-unreadable"],
  "another number": [(file) => (file.number = "TS-20261121-0008"), "number-differs"],
  "another time": [(file) => (file.received_at = "2026-11-21T07:00:00Z"), "time-differs"],
  "a time one microsecond later": [(file) => (file.received_at = file.received_at.replace("456Z", "457Z")), "time-differs"],
  "a time that is none": [(file) => (file.received_at = "yesterday"), "time-differs"],
  "another position": [(file) => (file.record.position = 6), "not-in-the-log"],
  "position 0": [(file) => (file.record.position = 0), "position-outside"],
  "a position after the end": [(file) => (file.record.position = 12), "position-outside"],
  "another seq": [(file) => (file.record.seq = 2), "not-the-beginning"],
  "another previous hash": [(file) => (file.record.previous = "ab".repeat(32)), "hash-differs"],
  "a previous hash that is none": [(file) => (file.record.previous = "xy"), "hash-differs"],
  "another hash": [(file) => (file.record.hash = "ab".repeat(32)), "hash-differs"],
  "a hash in capitals": [(file) => (file.record.hash = file.record.hash.toUpperCase()), "hash-differs"],
  "another body": [(file) => (file.record.body = file.record.body.replace('"web"', '"app"')), "hash-differs"],
  "a body with a blank more": [(file) => (file.record.body += " "), "hash-differs"],
  "a body that is no JSON": [(file) => (file.record.body = "{"), "body-unreadable"],
  "a body of another kind": [(file) => (file.record.body = '{"v":1,"events":["confirmed"]}'), "body-unreadable"],
  "another text": [(file) => (file.contents[1].text = "多收了一个月。"), "words-changed"],
  "another salt": [(file) => (file.contents[0].salt = "00".repeat(16)), "words-changed"],
  "a salt that is none": [(file) => (file.contents[0].salt = "salt"), "words-changed"],
  "texts swapped": [(file) => file.contents.reverse().forEach((one, i) => (one.n = i + 3)), "words-changed"],
  "a text of somebody else": [(file) => (file.contents[0].n = 1), "words-foreign"],
  "a text twice": [(file) => file.contents.push(file.contents[0]), "words-foreign"],
  "a proof without its first hash": [(file) => file.proof.shift(), "not-in-the-log"],
  "a proof with a hash more": [(file) => file.proof.push(file.proof[0]), "not-in-the-log"],
  "a proof in another order": [(file) => file.proof.reverse(), "not-in-the-log"],
  "a proof hash changed": [(file) => (file.proof[0] = b64(other(99))), "not-in-the-log"],
  "a proof of something else": [(file) => (file.proof[0] = "no base64"), "proof-unreadable"],
  "a short proof hash": [(file) => (file.proof[0] = "AAAA"), "proof-unreadable"],
  "a checkpoint that is none": [(file) => (file.checkpoint = "nothing"), "checkpoint-unreadable"],
  "a checkpoint without signature": [(file) => (file.checkpoint = file.checkpoint.split("\u2014")[0]), "checkpoint-unreadable"],
  // The same proof leads to the same root in a tree of 12; what binds the size is the signature.
  "a checkpoint with another size": [(file) => (file.checkpoint = file.checkpoint.replace("\n11\n", "\n12\n")), "signature-wrong"],
  "a checkpoint with another root": [(file) => (file.checkpoint = file.checkpoint.replace(/\n.{43}=\n/, `\n${b64(other(7))}\n`)), "not-in-the-log"],
  "a size with a zero before": [(file) => (file.checkpoint = file.checkpoint.replace("\n11\n", "\n011\n")), "checkpoint-unreadable"],
  "a checkpoint with a hidden line": [(file) => (file.checkpoint = file.checkpoint.replace("\n11\n", "\r\n11\n")), "checkpoint-unreadable"],
  "an extension line put in": [(file) => (file.checkpoint = file.checkpoint.replace("\n\n", "\nadded\n\n")), "signature-wrong"],
};

describe("a changed receipt is refused and says what was changed", () => {
  test("every field is among them", () => {
    const { file } = receipt(key);
    const touched = new Set();
    for (const [change] of Object.values(FORGERIES)) {
      const copy = structuredClone(file);
      change(copy);
      const before = [...Object.entries(file), ...Object.entries(file.record)];
      const after = { ...copy, ...copy.record };
      for (const [field, value] of before) if (JSON.stringify(after[field]) !== JSON.stringify(value)) touched.add(field);
    }
    assert.deepEqual([...touched].sort(), [...Object.keys(file), ...Object.keys(file.record)].sort());
  });

  for (const [what, [change, code]] of Object.entries(FORGERIES)) {
    test(what, async () => {
      const { file } = receipt(key);
      change(file);
      assert.equal(await codeOf(file), code);
    });
  }

  test("everything made anew and consistent, by another server, shows in the key", async () => {
    const forger = signer("yinuo.local/main");
    const { file } = receipt(forger);
    assert.equal(await codeOf(file), "other-key");
    assert.equal(verdict((await verifyReceipt(JSON.stringify(file))).steps), "genuine-own-key");
    file.key = key.vkey;
    assert.equal(await codeOf(file, ""), "other-key");
  });

  test("a signature copied from another checkpoint is wrong", async () => {
    const { file } = receipt(key);
    const { file: later } = receipt(key, { size: 12 });
    file.checkpoint = `${file.checkpoint.split("\n\n")[0]}\n\n${later.checkpoint.split("\n\n")[1]}`;
    assert.equal(await codeOf(file), "signature-wrong");
  });

  test("words left out are missed", async () => {
    const { file } = receipt(key);
    file.contents.pop();
    const verified = await verifyReceipt(JSON.stringify(file), key.vkey);
    assert.deepEqual([state(verified, "words").state, state(verified, "words").code], ["warned", "words-missing"]);
  });

  test("words that do not fit are not shown", async () => {
    const { file } = receipt(key);
    file.contents[0].text = "假的";
    assert.equal((await verifyReceipt(JSON.stringify(file), key.vkey)).words.subject, null);
  });
});

describe("what is no receipt", () => {
  const of = async (text) => found(await verifyReceipt(text, key.vkey));
  test("nothing, no JSON, cut JSON, other JSON", async () => {
    assert.equal((await of("  \n")).code, "empty");
    assert.equal((await of("回执")).code, "not-json");
    assert.equal((await of(JSON.stringify(receipt(key).file).slice(0, -40))).code, "not-json");
    for (const text of ["null", "3", "[]", '"text"', "{}"]) assert.equal((await of(text)).code, "not-a-receipt", text);
  });

  test("too large, without being read", async () => {
    assert.equal((await of("[".repeat(MAX_RECEIPT_BYTES + 1))).code, "too-large");
  });

  test("deeply nested", async () => {
    assert.equal((await of("[".repeat(200_000))).code, "not-json");
  });

  test("a field missing, unknown or of another kind is named", async () => {
    for (const [field, change] of [
      ["proof", (file) => delete file.proof],
      ["record.position", (file) => (file.record.position = "5")],
      ["record.position", (file) => (file.record.position = 1.5)],
      ["record.hash", (file) => (file.record.hash = null)],
      ["record.extra", (file) => (file.record.extra = 1)],
      ["contents[1].text", (file) => (file.contents[1].text = 7)],
      ["contents", (file) => (file.contents = {})],
      ["proof", (file) => (file.proof = [1])],
      ["note", (file) => (file.note = "hello")],
    ]) {
      const { file } = receipt(key);
      change(file);
      const step = await of(JSON.stringify(file));
      assert.deepEqual([step.code, step.values.field], ["not-a-receipt", field]);
    }
  });

  test("keys that are none", async () => {
    const { file } = receipt(key);
    const [name, id, rest] = [key.vkey.split("+")[0], key.vkey.split("+")[1], key.vkey.split("+").slice(2).join("+")];
    for (const wrong of ["x", `${name}+${id}`, `${name}+00000000+${rest}`, `other+${id}+${rest}`, `${name}+${id}+AAAA`]) {
      assert.equal(await codeOf(file, wrong), "own-key-unreadable", wrong);
    }
  });
});

describe("the paper", () => {
  const paperOf = (file) => ({ number: file.number, position: file.record.position, hash: file.record.hash });
  const log = (leaves, signedBy = key) => ({
    checkpoint: async () => checkpoint(signedBy, leaves),
    key: async () => key.vkey,
    tile: async (level, n, width) => tile(level, n, width, leaves),
  });

  test("and the file belong together, or not", async () => {
    const { file } = receipt(key);
    const fits = await verifyReceipt(JSON.stringify(file), key.vkey, paperOf(file));
    assert.equal(state(fits, "paper").state, "passed");
    const { file: strange } = receipt(key, { number: "TS-20261121-0009" });
    const differs = await verifyReceipt(JSON.stringify(strange), key.vkey, paperOf(file));
    assert.equal(state(differs, "paper").code, "paper-differs");
    assert.equal(verdict(differs.steps), "refused");
  });

  test("is found in the log by its tiles alone", async () => {
    const { file, leaves } = receipt(key, { position: 300, size: 700 });
    const { step } = await checkPaper(paperOf(file), log(leaves));
    assert.deepEqual([step.state, step.values.position, step.values.size], ["passed", 300, 700]);
  });

  test("is not found where the log holds something else, or is shorter, or is not answered", async () => {
    const { file, leaves } = receipt(key, { position: 3, size: 9 });
    const code = async (paper, source) => (await checkPaper(paper, source)).step.code;
    const paper = paperOf(file);
    assert.equal(await code({ ...paper, position: 4 }, log(leaves)), "paper-not-in-the-log");
    assert.equal(await code({ ...paper, hash: "ab".repeat(32) }, log(leaves)), "paper-not-in-the-log");
    assert.equal(await code({ ...paper, hash: "ab" }, log(leaves)), "paper-unreadable");
    assert.equal(await code({ ...paper, position: 10 }, log(leaves)), "paper-not-yet");
    assert.equal(await code(paper, log(leaves, signer(key.name))), "log-other-key");
    assert.equal(await code(paper, log(leaves, signer("elsewhere.example/log"))), "log-other-key");
    const silent = { ...log(leaves), tile: async () => Promise.reject(new Error("no answer")) };
    assert.equal(await code(paper, silent), "log-unreachable");
    const short = { ...log(leaves), tile: async () => new Uint8Array(32) };
    assert.equal(await code(paper, short), "log-unreachable");
  });
});

describe("proofs against a tree made the slow way", () => {
  const leaves = (n) => Array.from({ length: n }, (_, i) => other(i));

  test("inclusion: every leaf of every size to 20, and no other", async () => {
    for (let size = 1; size <= 20; size += 1) {
      const all = leaves(size);
      const whole = root(all).toString("hex");
      for (let index = 0; index < size; index += 1) {
        const proof = path(index, all).map(bytes);
        const lead = async (at, of = size) =>
          Buffer.from((await rootOfInclusion(bytes(leafHash(all[index])), at, of, proof)) ?? []).toString("hex");
        assert.equal(await lead(index), whole, `${index} of ${size}`);
        for (let wrong = 0; wrong < size; wrong += 1) {
          if (wrong !== index) assert.notEqual(await lead(wrong), whole, `${index} as ${wrong} of ${size}`);
        }
        assert.equal(await rootOfInclusion(bytes(leafHash(all[index])), size, size, proof), null);
      }
    }
  });

  test("consistency: every pair of sizes to 20, and no changed one", async () => {
    for (let to = 1; to <= 20; to += 1) {
      const newer = { size: to, root: bytes(root(leaves(to))) };
      for (let from = 1; from <= to; from += 1) {
        const older = { size: from, root: bytes(root(leaves(from))) };
        const proof = consistency(from, leaves(to)).map(bytes);
        assert.ok(await isConsistent(older, newer, proof), `${from} to ${to}`);
        assert.ok(!(await isConsistent({ size: from, root: bytes(other(1)) }, newer, proof)), `another ${from} to ${to}`);
        assert.ok(!(await isConsistent(older, { size: to, root: bytes(other(1)) }, proof)), `${from} to another ${to}`);
        assert.ok(!(await isConsistent(older, newer, [...proof, bytes(other(1))])), `${from} to ${to}, one more`);
        if (proof.length > 0) assert.ok(!(await isConsistent(older, newer, proof.slice(1))), `${from} to ${to}, one less`);
      }
    }
  });

  test("tiles lead to the same proofs, over three levels", async () => {
    const all = leaves(700);
    for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 700]) {
      const some = all.slice(0, size);
      const tiles = async (level, n, width) => tile(level, n, width, some);
      for (const index of new Set([0, 1, 100, 254, 255, 256, 257, 511, 512, size - 1].filter((i) => i < size))) {
        const proof = await proofFromTiles(index, size, tiles);
        assert.deepEqual(proof.map((node) => b64(Buffer.from(node))), path(index, some).map(b64), `${index} of ${size}`);
      }
    }
    const many = leaves(65_900);
    const tiles = async (level, n, width) => tile(level, n, width, many);
    for (const index of [0, 65_535, 65_536, 65_899]) {
      const proof = await proofFromTiles(index, many.length, tiles);
      assert.deepEqual(proof.map((node) => b64(Buffer.from(node))), path(index, many).map(b64), `${index} of many`);
    }
  });

  test("paths of tiles", () => {
    assert.equal(tilePath(0, 0, 256), "0/000");
    assert.equal(tilePath(0, 1234067, 256), "0/x001/x234/067");
    assert.equal(tilePath(2, 1000, 12), "2/x001/000.p/12");
  });
});

describe("the log since the receipt", () => {
  const leaves = (n, from = 0) => Array.from({ length: n }, (_, i) => other(i + from));
  const source = (note, proof = []) => ({ checkpoint: async () => note, proof: async () => proof.map(b64) });
  const grown = async (older, log, by = key) =>
    checkGrowth(readCheckpoint(checkpoint(key, older)), await readKey(by.vkey), log);

  test("only grew", async () => {
    const step = await grown(leaves(7), source(checkpoint(key, leaves(13)), consistency(7, leaves(13))));
    assert.deepEqual([step.state, step.values.more], ["passed", 6]);
    const equal = await grown(leaves(7), source(checkpoint(key, leaves(7))));
    assert.deepEqual([equal.state, equal.values.more], ["passed", 0]);
  });

  test("was rolled back", async () => {
    assert.equal((await grown(leaves(7), source(checkpoint(key, leaves(6))))).code, "log-rolled-back");
  });

  test("was forked", async () => {
    const fork = [...leaves(6), ...leaves(7, 100)];
    assert.equal((await grown(leaves(7), source(checkpoint(key, fork), consistency(7, fork)))).code, "log-forked");
    assert.equal((await grown(leaves(7), source(checkpoint(key, fork.slice(0, 7))))).code, "log-forked");
  });

  test("is signed by another key, wrongly, by another log, or not told", async () => {
    const log = async (note, proof) => (await grown(leaves(7), source(note, proof))).code;
    assert.equal(await log(checkpoint(signer(key.name), leaves(9))), "log-other-key");
    assert.equal(await log(checkpoint(key, leaves(9)).replace("\n9\n", "\n10\n")), "log-signature-wrong");
    assert.equal(await log(checkpoint(key, leaves(9), "elsewhere.example/log")), "log-other");
    assert.equal(await log("<!doctype html>"), "log-unreadable");
    const silent = { checkpoint: () => Promise.reject(new Error("offline")), proof: async () => [] };
    assert.equal((await grown(leaves(7), silent)).code, "log-unreachable");
    const half = { ...source(checkpoint(key, leaves(9))), proof: () => Promise.reject(new Error("offline")) };
    assert.equal((await grown(leaves(7), half)).code, "log-unreachable");
    assert.equal((await grown(leaves(7), { ...half, proof: async () => ["AA=="] })).code, "log-unreadable");
  });
});

describe("a browser that cannot", () => {
  test("without Ed25519 the rest is checked and nothing is called genuine", async () => {
    const { file } = receipt(key);
    const original = crypto.subtle.importKey;
    crypto.subtle.importKey = () => Promise.reject(new DOMException("no such algorithm", "NotSupportedError"));
    try {
      const verified = await verifyReceipt(JSON.stringify(file), key.vkey);
      assert.deepEqual([state(verified, "signature").state, state(verified, "signature").code], ["unable", "no-ed25519"]);
      assert.equal(state(verified, "position").state, "passed");
      assert.equal(verdict(verified.steps), "unfinished");
    } finally {
      crypto.subtle.importKey = original;
    }
  });
});

test("every finding says in both languages what it means and what to do", () => {
  for (const language of ["zh-CN", "en"]) {
    const texts = JSON.parse(readFileSync(new URL(`../src/shell/locales/${language}/portal.json`, import.meta.url), "utf8"));
    for (const code of CODES) {
      assert.ok(texts.verify.means[code], `${language} verify.means.${code}`);
      assert.ok(texts.verify.do[code], `${language} verify.do.${code}`);
    }
    const extra = Object.keys(texts.verify.means).filter((code) => !CODES.includes(code));
    assert.deepEqual(extra, [], "no text for what is never found");
  }
});

describe("receipts that the ledger's own tests drew up", () => {
  const kept = JSON.parse(readFileSync(new URL("fixtures/receipts.json", import.meta.url), "utf8"));
  const CODE_OF = {
    "00 /origin": "origin-differs",
    "01 /key": "key-unreadable",
    "02 /number": "number-differs",
    "03 /received_at": "time-differs",
    "04 /record/position": "not-in-the-log",
    "05 /record/seq": "not-the-beginning",
    "06 /record/previous": "hash-differs",
    "07 /record/hash": "hash-differs",
    "08 /record/body": "number-differs",
    "09 /contents/0/n": "words-foreign",
    "10 /contents/0/salt": "words-changed",
    "11 /contents/1/text": "words-changed",
    "12 /proof/0": "proof-unreadable",
    "13 /proof": "not-in-the-log",
    "14 /checkpoint": "not-in-the-log",
    "15 /checkpoint": "other-key",
  };

  test("the genuine one is genuine here, too", async () => {
    const verified = await verifyReceipt(kept.genuine, kept.key);
    assert.deepEqual(verified.steps.map((step) => step.state).filter((one) => one !== "passed"), []);
    assert.equal(verified.words.subject, "第 2 台机器停了");
  });

  test("each forged one is refused, for what was changed", async () => {
    const codes = {};
    for (const [what, text] of Object.entries(kept.forged)) codes[what] = found(await verifyReceipt(text, kept.key))?.code;
    assert.deepEqual(codes, CODE_OF);
  });

  test("the log only grew since", async () => {
    const { checkpoint: older, key: known } = await verifyReceipt(kept.genuine, kept.key);
    const log = { checkpoint: async () => kept.later.checkpoint, proof: async () => kept.later.proof };
    const step = await checkGrowth(older, known, log);
    assert.deepEqual([step.state, step.values.from, step.values.to], ["passed", 4, 9]);
    const wrong = { ...log, proof: async () => [...kept.later.proof].reverse() };
    assert.equal((await checkGrowth(older, known, wrong)).code, "log-forked");
  });
});
