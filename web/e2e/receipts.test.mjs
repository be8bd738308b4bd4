// The receipt: downloaded, verified in the browser, printed, looked up from paper. On the desk that
// `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import jsQR from "jsqr";

import { receipt as forged, signer } from "../test/receipt-forge.mjs";
import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { customerWith, openTicket } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const SUBJECT = "热水器安装后漏水，地板被泡坏";
const BODY = "昨天下午安装，晚上开始漏水。\n请派人查看，并说明怎样赔偿。";
let browser;
let folder;
let customer;
let file;
let key;

before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "yinuo-receipts-"));
  customer = await customerWith(browser, {
    kind: "complaint",
    subject: SUBJECT,
    body: BODY,
    language: "zh",
    customer: { name: "钱女士", phone: "13600000004" },
  });
  key = (await (await fetch(`${BASE_URL}/log/key`)).text()).trim();
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const verdict = (page) => page.locator("[data-test=verdict]").first().getAttribute("data-verdict");
const step = (page, name, state) => page.locator(`[data-test=step-${name}][data-state=${state}]`).waitFor();
async function choose(page, path) {
  if (await page.locator("[data-test=again]").count()) await page.click("[data-test=again]");
  await page.setInputFiles("[data-test=file]", path);
  await page.locator("[data-test=verdict]").waitFor();
}
async function changed(name, change) {
  const copy = JSON.parse(await readFile(file, "utf8"));
  change(copy);
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(copy));
  return path;
}

describe("a receipt as a file", () => {
  let reader;
  before(async () => {
    reader = await person(browser);
  });

  test("the customer downloads it from the ticket", async () => {
    const { page } = customer;
    const coming = page.waitForEvent("download");
    await page.locator("[data-test=download-receipt]").click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), `yinuo-receipt-${customer.number}.json`);
    file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(customer.number) && text.includes(SUBJECT));
    for (const personal of [customer.code, "钱女士", "13600000004"]) assert.ok(!text.includes(personal), personal);
  });

  test("anybody verifies it on the page, and nothing of it leaves the browser", async () => {
    const { page } = reader;
    const asked = [];
    page.on("request", (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ""}`));
    await page.goto(`${BASE_URL}/`);
    await page.locator("footer").getByRole("link", { name: "核验回执" }).click();
    await choose(page, file);
    await step(page, "growth", "passed");
    assert.equal(await verdict(page), "genuine-own-key");
    await step(page, "signature", "warned");
    await page.locator("[data-test=facts]").getByText(SUBJECT).waitFor();
    const { record } = JSON.parse(await readFile(file, "utf8"));
    for (const secret of [customer.number, record.hash, encodeURIComponent(SUBJECT)]) {
      assert.deepEqual(asked.filter((request) => request.includes(secret)), []);
    }
    assert.deepEqual(asked.filter((request) => !request.startsWith("GET ")), []);
  });

  test("with the key from elsewhere it is genuine", async () => {
    const { page } = reader;
    await page.fill("#given-key", key);
    await step(page, "signature", "passed");
    await page.locator("[data-test=verdict][data-verdict=genuine]").waitFor();
  });

  test("pasted, it is the same", async () => {
    const { page } = reader;
    await page.click("[data-test=again]");
    await page.locator("summary").click();
    await page.fill("[data-test=pasted]", await readFile(file, "utf8"));
    await page.click("[data-test=verify-pasted]");
    await page.locator("[data-test=verdict][data-verdict=genuine]").waitFor();
  });

  for (const [name, change, at, word] of [
    ["text", (copy) => (copy.contents[1].text = "没有漏水。"), "words", "回执里的文字被改动过"],
    ["number", (copy) => (copy.number = "TS-20990101-0001"), "number", "编号被改动过"],
    ["hash", (copy) => (copy.record.hash = "ab".repeat(32)), "record", "记录或摘要被改动过"],
    ["position", (copy) => (copy.record.position -= 1), "position", "没有这条记录"],
    ["checkpoint", (copy) => (copy.checkpoint = copy.checkpoint.replace(/\n\n/, "\nmore\n\n")), "signature", "签名之后有内容被改动过"],
  ]) {
    test(`one with another ${name} is refused, and the page says so`, async () => {
      const { page } = reader;
      await choose(page, await changed(name, change));
      assert.equal(await verdict(page), "refused");
      await step(page, at, "failed");
      assert.match(await page.locator(`[data-test=step-${at}]`).innerText(), new RegExp(word));
      assert.equal(await page.locator("[data-test=facts]").count(), 0, "nothing of it is shown as a fact");
    });
  }

  test("one of another server, consistent in itself, shows in the log and in the key", async () => {
    const { page } = reader;
    const path = join(folder, "elsewhere.json");
    await writeFile(path, JSON.stringify(forged(signer(key.split("+")[0])).file));
    await page.fill("#given-key", "");
    await choose(page, path);
    await step(page, "growth", "failed");
    assert.equal(await verdict(page), "refused");
    await page.fill("#given-key", key);
    await step(page, "signature", "failed");
    assert.match(await page.locator("[data-test=step-signature]").innerText(), /另一台服务器/);
    await page.fill("#given-key", "");
  });

  test("what is no receipt is told to be none", async () => {
    const { page } = reader;
    const path = join(folder, "cut.json");
    await writeFile(path, (await readFile(file, "utf8")).slice(0, 300));
    await choose(page, path);
    await step(page, "file", "failed");
    assert.match(await page.locator("[data-test=step-file]").innerText(), /截断/);
  });

  after(() => assert.deepEqual(reader.complaints, []));
});

/** What a phone's camera would read from an element on the page. */
async function scan(page, selector) {
  const png = await page.locator(selector).screenshot({ scale: "device" });
  const blank = await page.context().newPage();
  const { width, height, data } = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, data: Array.from(pixels.data) };
  }, png.toString("base64"));
  await blank.close();
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data;
}

describe("a receipt from the desk", () => {
  test("an agent downloads it to hand it over", async () => {
    const { page, context, complaints } = await person(browser);
    await signIn(page, PEOPLE.agent);
    await openTicket(page, customer.number);
    const coming = page.waitForEvent("download");
    await page.locator("[data-test=download-receipt]").click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), `yinuo-receipt-${customer.number}.json`);
    const path = join(folder, "from-the-desk.json");
    await download.saveAs(path);
    const [theirs, ours] = [file, path].map(async (at) => JSON.parse(await readFile(at, "utf8")).record);
    assert.deepEqual(await ours, await theirs, "it is about the same record");
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("a receipt on paper", () => {
  let link;

  test("the sheet carries number, words, promises, hash and a QR code", async () => {
    const { page } = customer;
    await page.click("[data-test=print-receipt]");
    const sheet = page.locator("[data-test=sheet]");
    await sheet.waitFor();
    const text = await sheet.innerText();
    const { record } = JSON.parse(await readFile(file, "utf8"));
    for (const shown of [customer.number, SUBJECT, "请派人查看", "中国标准时间", key]) assert.ok(text.includes(shown), shown);
    assert.ok(text.replace(/\s/g, "").includes(record.hash));
    assert.ok(!text.includes(customer.code), "the query code is not printed");
    link = await scan(page, "[data-test=qr]");
    assert.equal(link, `${BASE_URL}/verify#n=${customer.number}&p=${record.position}&h=${record.hash}`);
  });

  test("the query code is printed only if the customer wants that", async () => {
    const { page } = customer;
    await page.locator("[data-test=with-code]").click();
    assert.equal(await page.locator("[data-test=printed-code]").innerText(), customer.code);
    await page.locator("[data-test=with-code]").click();
    assert.equal(await page.locator("[data-test=printed-code]").count(), 0);
  });

  test("it prints on one sheet of A4, light in a dark browser too", async () => {
    const { page } = customer;
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1);
    assert.match(pdf, /\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    await page.evaluate(() => document.documentElement.classList.add("dark"));
    await page.emulateMedia({ media: "print" });
    const ink = await page.locator("[data-test=sheet]").evaluate((sheet) => getComputedStyle(sheet).color);
    assert.ok(ink.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 80), `${ink} is dark ink`);
    assert.equal(await page.locator("header.head").isVisible(), false, "the page's frame stays off the paper");
    await page.emulateMedia({ media: null });
    await page.evaluate(() => document.documentElement.classList.remove("dark"));
  });

  test("whoever scans it finds the record in the log, and the file fits it", async () => {
    const { page, context, complaints } = await person(browser, { width: 375 });
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(link);
    await page.locator("[data-test=paper][data-state=passed]").waitFor();
    assert.deepEqual(asked.filter((url) => url.includes(customer.number)), [], "the fragment stays in the browser");
    assert.ok((await overflow(page)) <= 0);
    await choose(page, file);
    await step(page, "paper", "passed");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("paper with another hash is not found, and another receipt's file does not fit", async () => {
    const { page, context } = await person(browser, { language: "en" });
    await page.goto(link.replace(/h=..../, "h=0000"));
    await page.locator("[data-test=paper][data-state=failed]").waitFor();
    assert.match(await page.locator("[data-test=paper]").innerText(), /is not the one on the printed receipt/);
    await choose(page, file);
    await step(page, "paper", "failed");
    assert.equal(await verdict(page), "refused");
    await context.close();
  });

  test("without a ticket there is nothing to print", async () => {
    const { page, context } = await person(browser);
    await page.goto(`${BASE_URL}/receipt`);
    await page.getByText("请先用编号与查询码打开工单").waitFor();
    await context.close();
  });

  after(() => assert.deepEqual(customer.complaints, []));
});

describe("the ledger as the manager's browser sees it", () => {
  test("it is signed, and only grows from one visit to the next", async () => {
    const { page, context, complaints } = await person(browser);
    await signIn(page, PEOPLE.manager);
    await page.getByRole("link", { name: "台账" }).first().click();
    await page.locator("[data-test=signed]").waitFor();
    await page.locator("[data-test=growth][data-state=first]").waitFor();
    const size = await page.locator("[data-test=size]").innerText();
    const other = await customerWith(browser, { kind: "praise", subject: "师傅很细心", body: "谢谢。", language: "zh", customer: { name: "孙先生", phone: "13600000005" } });
    await other.context.close();
    await page.waitForFunction(async (before) => {
      const note = await (await fetch("/log/checkpoint", { cache: "no-store" })).text();
      return Number(note.split("\n")[1]) > before;
    }, Number(size.replace(/\D/g, "")));
    await page.getByRole("button", { name: "重新核对" }).click();
    await page.locator("[data-test=growth][data-state=passed]").waitFor();
    assert.notEqual(await page.locator("[data-test=size]").innerText(), size);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("an agent does not read it", async () => {
    const { page, context } = await person(browser);
    await signIn(page, PEOPLE.agent);
    assert.equal(await page.getByRole("link", { name: "台账" }).count(), 0);
    await page.goto(`${BASE_URL}/desk/ledger`);
    await page.getByText("您的角色不查看台账。").waitFor();
    await context.close();
  });
});
