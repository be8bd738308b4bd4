// What is said to customers: checked while it is written, withheld until it is mended, sent all the same by who may. On the desk
// that `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, overflow, person, signIn } from "./browser.mjs";
import { act, customerWith, openTicket, send, sent, text } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const STRANGER = "13700137000";
const BODY = "机器又停了，请打我爱人 13900139000，地址是上海市浦东新区世纪大道100号12楼。";
let browser;
let customer;
const open = new Map();

/** Somebody of the company at a browser of their own, on the customer's ticket. */
async function at(name, options) {
  if (!open.has(name)) {
    const one = await person(browser, options);
    await signIn(one.page, PEOPLE[name]);
    open.set(name, one);
  }
  const { page } = open.get(name);
  return page;
}
const remark = (page, code) => page.locator(`[data-test=remarks] [data-code=${code}]`).first();
const disabled = (page) => page.locator("[data-test=action-send]").isDisabled();
const caret = (page) => page.evaluate(() => document.querySelector("#action-body").selectionStart);

before(async () => {
  browser = await launch();
  customer = await customerWith(browser, {
    kind: "complaint",
    subject: "净水器三天两头停机",
    body: BODY,
    language: "zh",
    customer: { name: "冯雨", phone: "13511113333" },
  });
});
after(async () => {
  await browser?.close();
});

describe("a message is checked while it is written", () => {
  test("what is vague is underlined and explained, and warns only", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    await act(page, "reply");
    await page.fill("#action-body", "非常抱歉，我们已经开始调查，会尽快回复您。");
    await remark(page, "vague").waitFor();
    assert.equal(await text(page, ".mirror mark"), "尽快");
    assert.ok(!(await disabled(page)), "style never blocks");
    const box = await page.locator(".mirror mark").first().boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByRole("tooltip").waitFor();
    assert.match(await page.getByRole("tooltip").innerText(), /没有说明时间/);
    await page.mouse.move(2, 2);
    await page.getByRole("tooltip").waitFor({ state: "detached" });
  });

  test("the underline lies under its letters", async () => {
    const page = await at("agent");
    const area = await page.locator("#action-body").boundingBox();
    const mark = await page.locator(".mirror mark").first().boundingBox();
    assert.ok(mark.x > area.x && mark.x + mark.width < area.x + area.width && mark.y >= area.y);
    const same = await page.evaluate(() => {
      const [one, other] = [document.querySelector("#action-body"), document.querySelector(".mirror")].map((at) => getComputedStyle(at));
      return ["fontFamily", "fontSize", "lineHeight", "letterSpacing", "paddingLeft", "paddingTop", "whiteSpace"].filter((key) => one[key] !== other[key]);
    });
    assert.deepEqual(same, []);
  });

  test("the keyboard finds the explanation at the caret, and from the list back to the words", async () => {
    const page = await at("agent");
    await remark(page, "vague").locator("button").press("Enter");
    const selected = await page.evaluate(() => {
      const area = document.querySelector("#action-body");
      return area.value.slice(area.selectionStart, area.selectionEnd);
    });
    assert.equal(selected, "尽快");
    await page.getByRole("tooltip").waitFor();
  });

  test("checking moves no caret", async () => {
    const page = await at("agent");
    await page.fill("#action-body", "非常抱歉，我们已经开始调查，会回复您。");
    await page.evaluate(() => document.querySelector("#action-body").setSelectionRange(15, 15));
    await page.keyboard.type("尽快");
    await remark(page, "vague").waitFor();
    assert.equal(await caret(page), 17);
    await page.keyboard.type("地");
    assert.equal(await page.inputValue("#action-body"), "非常抱歉，我们已经开始调查，会尽快地回复您。");
  });

  test("nor does it disturb an input method", async () => {
    const page = await at("agent");
    const before = "非常抱歉，已经开始调查，尽快";
    await page.fill("#action-body", before);
    const input = await page.context().newCDPSession(page);
    await page.locator("#action-body").press("End");
    for (const composed of ["h", "hu", "hui"]) {
      await input.send("Input.imeSetComposition", { text: composed, selectionStart: composed.length, selectionEnd: composed.length });
    }
    // The answer of the check arrives in the middle of the composition.
    await remark(page, "vague").waitFor();
    assert.equal(await page.inputValue("#action-body"), `${before}hui`);
    await input.send("Input.insertText", { text: "回复" });
    assert.equal(await page.inputValue("#action-body"), `${before}回复`);
    assert.equal(await caret(page), before.length + 2);
  });

  test("a stranger's number keeps it here, with the reason", async () => {
    const page = await at("agent");
    await page.fill("#action-body", `非常抱歉，我们已经开始调查，请打 ${STRANGER} 找他。`);
    await remark(page, "others-data").waitFor();
    assert.ok(await disabled(page));
    assert.match(await text(page, "[data-test=withheld]"), /组长或主管/);
    assert.equal(await page.locator("#action-override").count(), 0);
    // The customer's own number may be said.
    await page.fill("#action-body", "非常抱歉，我们已经开始调查，会打 135 1111 3333 联系您。");
    await page.locator("[data-test=withheld]").waitFor({ state: "detached" });
    assert.ok(!(await disabled(page)));
  });

  test("a lead sends it all the same and says why, which stays on the ticket", async () => {
    const page = await at("lead");
    await openTicket(page, customer.number);
    await act(page, "reply");
    await page.fill("#action-body", `非常抱歉，我们已经开始调查，请打 ${STRANGER} 找维修站。`);
    await remark(page, "others-data").waitFor();
    assert.ok(await disabled(page));
    await page.fill("#action-override", "维修站站长的公务电话");
    for (const content of ["apology", "investigation-begun"]) await page.click(`[data-test=content-${content}]`);
    await send(page);
    await sent(page, "reply");
    await page.getByText("照原文发出").first().waitFor();
    await page.getByText("维修站站长的公务电话").first().waitFor();
    await customer.page.reload();
    await customer.page.getByText(STRANGER).first().waitFor();
    assert.ok(!(await customer.page.content()).includes("公务电话"), "the reason is for the company");
  });
});

describe("personal data in texts", () => {
  test("are masked for staff, and not for the customer", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    const shown = await text(page, "[data-test=request-body]");
    assert.ok(shown.includes("139****9000") && !shown.includes("13900139000") && !shown.includes("世纪大道100号"), shown);
    assert.ok(!(await page.content()).includes(STRANGER));
    assert.ok((await customer.page.content()).includes("13900139000"));
  });

  test("are shown for a reason, until the page is left, and the look is on record", async () => {
    const page = await at("agent");
    await page.click("[data-test=reveal]");
    // Phone and texts are masked: nothing is ticked beforehand.
    await page.locator("[data-test=reveal-texts]").click();
    await page.fill("#reveal-reason", "客户留了家人的电话");
    await page.click("[data-test=reveal-send]");
    await page.locator("[data-test=recorded]").waitFor();
    // The texts come with the answer, the page around them a moment later.
    await page.locator("[data-test=request-body]", { hasText: "13900139000" }).waitFor();
    await page.reload();
    await page.locator("[data-test=request-body]").waitFor();
    assert.ok((await text(page, "[data-test=request-body]")).includes("139****9000"));
    const auditor = await at("auditor");
    await openTicket(auditor, customer.number);
    await auditor.getByRole("tab", { name: "谁看过" }).click();
    await auditor.locator("[data-test=looks]").getByText("客户留了家人的电话").waitFor();
  });
});

describe("standard phrases", () => {
  test("the manager adds one, and what names somebody is not taken", async () => {
    const page = await at("manager");
    await page.getByRole("link", { name: "标准用语" }).click();
    await page.locator("[data-test=phrase-list] li").first().waitFor();
    await page.click("[data-test=phrase-new]");
    await page.fill("#phrase-id", "site-visit-thanks");
    await page.fill("#phrase-title-zh", "上门致谢");
    await page.fill("#phrase-title-en", "Thanks for the visit");
    await page.fill("#phrase-zh", `{customer}，工单{number}有疑问请找 ${STRANGER}。`);
    await page.fill("#phrase-en", "Dear {customer}, thank you; your ticket is {number}.");
    await page.click("[data-test=phrase-save]");
    await page.locator("[data-test=phrase-remarks]").getByText(STRANGER).waitFor();
    await page.fill("#phrase-zh", "{customer}，感谢您的接待，工单{number}的进展会记在网上。");
    await page.click("[data-test=phrase-save]");
    await page.locator("[data-test=phrase-form]").waitFor({ state: "detached" });
    await page.locator("[data-test=phrase-site-visit-thanks]").waitFor();
    if (process.env.E2E_PICTURES) await page.screenshot({ path: `${process.env.E2E_PICTURES}/phrases-zh.png` });
  });

  test("a name that is taken is said at once, and what was withdrawn comes back", async () => {
    const page = await at("manager");
    await page.click("[data-test=phrase-new]");
    await page.fill("#phrase-id", "greeting");
    await page.getByText("已有同名用语").waitFor();
    assert.ok(await page.locator("[data-test=phrase-save]").isDisabled());
    await page.locator("[data-test=phrase-form]").getByRole("button", { name: "取消" }).click();
    await page.click("[data-test=withdraw-greeting]");
    await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
    await page.locator("[data-test=phrase-greeting]").waitFor({ state: "detached" });
    await page.locator("[data-test=phrases-withdrawn] summary").click();
    await page.click("[data-test=restore-greeting]");
    assert.match(await text(page, "[data-test=phrase-greeting]"), /随产品提供/);
    // It is changed where it stands.
    await page.locator("[data-test=phrase-greeting]").getByRole("button", { name: "修改" }).click();
    await page.locator("[data-test=phrase-greeting] [data-test=phrase-form]").waitFor();
    if (process.env.E2E_PICTURES) await page.screenshot({ path: `${process.env.E2E_PICTURES}/phrases-form-zh.png` });
    await page.locator("[data-test=phrase-form]").getByRole("button", { name: "取消" }).click();
  });

  test("the agent inserts it with what the ticket tells", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    await act(page, "reply");
    await page.locator(".el-radio").filter({ hasText: /^回复$|一般回复|普通回复/ }).first().click();
    await page.fill("#action-body", "您好。");
    await page.click("[data-test=phrases]");
    await page.click("[data-test=phrase-site-visit-thanks]");
    assert.equal(await page.inputValue("#action-body"), `您好。\n冯雨，感谢您的接待，工单${customer.number}的进展会记在网上。`);
  });

  test("nobody else changes the library", async () => {
    const page = await at("agent");
    await page.getByRole("link", { name: "标准用语" }).click();
    await page.locator("[data-test=phrase-list] li").first().waitFor();
    assert.equal(await page.locator("[data-test=phrase-new]").count(), 0);
  });
});

test("narrow, dark and in English it stays readable", async () => {
  const one = await person(browser, { width: 360, scheme: "dark", language: "en-GB" });
  await signIn(one.page, PEOPLE.agent);
  await openTicket(one.page, customer.number);
  await act(one.page, "reply");
  await one.page.fill("#action-body", `Maybe we can call you as soon as possible. Ask Mr Zhang, ${STRANGER}.`);
  await remark(one.page, "others-data").waitFor();
  assert.equal(await overflow(one.page), 0);
  if (process.env.E2E_PICTURES) await one.page.screenshot({ path: `${process.env.E2E_PICTURES}/wording-narrow-dark-en.png`, fullPage: true });
  const page = await at("agent");
  await openTicket(page, customer.number);
  await act(page, "reply");
  await page.fill("#action-body", `会尽快处理，也许这两天。请打 ${STRANGER} 找他。`);
  await remark(page, "others-data").waitFor();
  await page.locator("#action-body").press("Home");
  if (process.env.E2E_PICTURES) await page.screenshot({ path: `${process.env.E2E_PICTURES}/wording-zh.png`, fullPage: true });
  assert.deepEqual(one.complaints, []);
});

test("nobody's console complained on the way", () => {
  for (const [name, one] of open) assert.deepEqual(one.complaints, [], name);
  assert.deepEqual(customer.complaints, []);
});
