// Personal data: masked, shown with a reason, traces of it, found by contact, erased. On the desk that
// `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { customerWith, openTicket } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const PHONE = "13511112222";
const EMAIL = "feng.yun@example.com";
const SUBJECT = "净水器滤芯寄错型号";
const BODY = "收到的滤芯装不上，请换成 KX-7 型。";
const REASON = "与客户约定上门换货的时间";
let browser;
let customer;
let agent;
let auditor;

async function at(name, options) {
  const one = await person(browser, options);
  await signIn(one.page, PEOPLE[name]);
  return one;
}
/** The figures by promise: how often each was kept and missed. */
const judged = (page) =>
  page.evaluate(async () => {
    const { promises } = await (await fetch("/api/v1/figures")).json();
    return promises.map(({ commitment, promise, counts }) => ({ commitment, promise, counts }));
  });
const shown = async (page) => (await page.content()).replace(/\s/g, "");

before(async () => {
  browser = await launch();
  customer = await customerWith(browser, {
    kind: "complaint",
    subject: SUBJECT,
    body: BODY,
    language: "zh",
    customer: { name: "冯云", phone: PHONE, email: EMAIL, address: "上海市浦东新区世纪大道 100 号 12 楼" },
  });
  agent = await at("agent");
  auditor = await at("auditor");
});

after(async () => {
  await browser?.close();
});

describe("looking at contact data", () => {
  test("the agent sees the name, and how to reach the customer is masked", async () => {
    const { page } = agent;
    await openTicket(page, customer.number);
    assert.equal(await page.locator("[data-test=customer-name]").innerText(), "冯云");
    assert.equal(await page.locator("[data-test=customer-phone]").innerText(), "135****2222");
    for (const secret of [PHONE, EMAIL, "世纪大道100号"]) assert.ok(!(await shown(page)).includes(secret), secret);
    assert.equal(await page.getByRole("tab", { name: "谁看过" }).count(), 0);
  });

  test("nobody looks without saying why", async () => {
    const { page } = agent;
    await page.click("[data-test=reveal]");
    await page.locator("[data-test=reveal-form]").waitFor();
    assert.ok(await page.locator("[data-test=reveal-send]").isDisabled());
  });

  test("with a reason the phone number is shown, for this view of the page", async () => {
    const { page } = agent;
    await page.locator("[data-test=reveal-phone]").click();
    await page.fill("#reveal-reason", REASON);
    await page.click("[data-test=reveal-send]");
    await page.locator("[data-test=recorded]").waitFor();
    assert.equal(await page.locator("[data-test=customer-phone]").innerText(), PHONE);
    assert.ok(!(await shown(page)).includes(EMAIL), "what was not asked for stays masked");
    await page.reload();
    await page.locator("[data-test=customer-phone]").waitFor();
    assert.equal(await page.locator("[data-test=customer-phone]").innerText(), "135****2222");
  });

  test("the auditor sees who looked, and nothing in clear", async () => {
    const { page } = auditor;
    await openTicket(page, customer.number);
    assert.ok(!(await shown(page)).includes("冯云"));
    assert.equal(await page.locator("[data-test=reveal]").count(), 0);
    await page.getByRole("tab", { name: "谁看过" }).click();
    const row = page.locator("[data-test=looks] tbody tr");
    await row.waitFor();
    const text = await row.innerText();
    for (const part of [PEOPLE.agent.name, "电话", REASON]) assert.ok(text.includes(part), part);
    assert.ok(!text.includes("邮箱"));
  });

  test("the customer sees it too, by role and without the name", async () => {
    const { page } = customer;
    await page.click("[data-test=show-looks]");
    const looks = page.locator("[data-test=my-looks] li");
    await looks.waitFor();
    const text = await looks.innerText();
    assert.ok(text.includes(REASON) && text.includes("电话") && text.includes("客服"), text);
    assert.ok(!text.includes(PEOPLE.agent.name));
  });

  test("a correction that leaves the masks as they are changes only what was typed", async () => {
    const { page } = agent;
    await page.locator("[data-test=do-correct-customer]").first().click();
    await page.fill("#contact-name", "冯云女士");
    await page.fill("#action-why", "客户来电更正称呼");
    await page.click("[data-test=action-send]");
    await page.locator("[data-test=form-correct-customer]").waitFor({ state: "detached" });
    assert.equal(await page.locator("[data-test=customer-name]").innerText(), "冯云女士");
    assert.equal(await page.locator("[data-test=customer-phone]").innerText(), "135****2222");
  });
});

describe("finding by contact", () => {
  test("the whole phone number finds the ticket, and stays out of the address", async () => {
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
    await page.fill("#number-filter", "135 1111 2222");
    await page.press("#number-filter", "Enter");
    await page.locator("[data-test=found]").waitFor();
    const rows = page.locator("[data-test=ticket-list] > *");
    assert.equal(await rows.count(), 1);
    assert.ok((await rows.first().innerText()).includes(SUBJECT));
    assert.ok(!page.url().includes("1111"));
    await page.fill("#number-filter", "FENG.YUN@EXAMPLE.COM");
    await page.click("[data-test=find]");
    await page.getByText("以电话或邮箱找到 1 张工单").waitFor();
  });

  test("part of a number finds nobody", async () => {
    const { page } = agent;
    await page.fill("#number-filter", "1351111222");
    await page.press("#number-filter", "Enter");
    await page.getByText("没有以这个电话或邮箱登记的工单").waitFor();
  });

  test("an auditor is not offered it", async () => {
    const { page } = auditor;
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
    assert.equal(await page.getAttribute("#number-filter", "placeholder"), "工单编号开头");
  });
});

describe("erasing a person", () => {
  let manager;
  let figures;
  before(async () => {
    manager = await at("manager");
  });

  test("is offered to the manager alone, and refused while a ticket is open", async () => {
    await openTicket(agent.page, customer.number);
    assert.equal(await agent.page.locator("[data-test=erase]").count(), 0);
    const { page } = manager;
    await openTicket(page, customer.number);
    await page.click("[data-test=erase]");
    const dialog = page.locator("[data-test=erase-dialog]");
    await dialog.locator("[role=alert]").waitFor();
    assert.ok((await dialog.innerText()).includes(customer.number));
    assert.equal(await page.locator("[data-test=erase-send]").count(), 0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("needs the number typed again", async () => {
    await customer.page.reload();
    await customer.page.click("[data-test=do-close]");
    await customer.page.click("[data-test=do-send]");
    await customer.page.locator("[data-test=stage]").filter({ hasText: "已关闭" }).waitFor();
    const { page } = manager;
    figures = await judged(page);
    await page.reload();
    await page.click("[data-test=erase]");
    await page.locator("[data-test=erase-preview]").waitFor();
    assert.ok(await page.locator("[data-test=erase-send]").isDisabled());
    await page.fill("#erase-number", "TS-1");
    assert.ok(await page.locator("[data-test=erase-send]").isDisabled());
    await page.fill("#erase-number", customer.number);
    await page.click("[data-test=erase-send]");
    await page.locator("[data-test=erased]").waitFor();
  });

  test("a page that was open on a ticket of theirs loses the words by itself", async () => {
    const { page } = agent;
    assert.match(page.url(), /\/desk\/tickets\/tkt_/, "the agent has been on the ticket since before");
    await page.locator("[data-test=erased]").waitFor();
    assert.ok(!(await shown(page)).includes("KX-7"));
  });

  test("texts and names are gone from the desk", async () => {
    for (const { page } of [manager, agent, auditor]) {
      await openTicket(page, customer.number);
      await page.locator("[data-test=erased]").waitFor();
      const content = await shown(page);
      for (const gone of ["冯云", SUBJECT, "KX-7", REASON]) assert.ok(!content.includes(gone), gone);
      assert.equal(await page.locator("[data-test=reveal]").count(), 0);
    }
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&state=any`);
    await page.fill("#number-filter", PHONE);
    await page.press("#number-filter", "Enter");
    await page.getByText("没有以这个电话或邮箱登记的工单").waitFor();
  });

  test("the customer is told so, and the chain of records stays whole", async () => {
    await customer.page.reload();
    await customer.page.getByText("个人信息已于").first().waitFor();
    assert.ok(!(await shown(customer.page)).includes("KX-7"));
    const { page } = auditor;
    await openTicket(page, customer.number);
    await page.getByRole("tab", { name: "台账记录" }).click();
    await page.getByText("摘要链完整").waitFor();
    assert.deepEqual(await judged(manager.page), figures, "figures are what they were");
  });
});

test("nothing is wider than a narrow screen", async () => {
  const { page, context, complaints } = await at("manager", { width: 360, language: "en" });
  await openTicket(page, customer.number);
  assert.ok((await overflow(page)) <= 0);
  await page.goto(`${BASE_URL}/desk/ledger`);
  await page.locator("[data-test=ledger]").waitFor();
  assert.ok((await overflow(page)) <= 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("nobody's console complained on the way", () => {
  assert.deepEqual([...customer.complaints, ...agent.complaints, ...auditor.complaints], []);
});
