// What happens when it does not run straight: pauses, mediation, force majeure, remedies. On the desk that
// `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, person, signIn } from "./browser.mjs";
import { act, alert, clockIn, customerWith, openTicket, say, send, sent } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const SOLUTION = "投诉解决方案";
const ON_SITE = "紧急报修本地到场";
let browser;
const desk = {};

/** Somebody of the company at a browser of their own; signed in once. */
async function at(name) {
  if (!desk[name]) {
    desk[name] = await person(browser);
    await signIn(desk[name].page, PEOPLE[name]);
  }
  return desk[name].page;
}

const complaint = (subject) => ({
  kind: "complaint",
  subject,
  body: `${subject}。请查清楚，给一个说法。`,
  language: "zh",
  customer: { name: "何女士", phone: "13700000002" },
});

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

describe("a clock waits for the customer", () => {
  let customer;
  before(async () => {
    customer = await customerWith(browser, complaint("维修费比报价高出一倍"));
  });

  test("the agent pauses it and says what is awaited; the customer sees that", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    await clockIn(page, SOLUTION, "running");
    await act(page, "pause");
    await page.fill("#action-note", "请提供报价单与付款凭证的照片");
    await send(page);
    await sent(page, "pause");
    await clockIn(page, SOLUTION, "paused");
    await customer.page.reload();
    await customer.page.getByText("我们正等待您的回复").waitFor();
    await clockIn(customer.page, SOLUTION, "paused");
  });

  test("the customer's answer lets it run again", async () => {
    await customer.page.click("[data-test=do-record-words]");
    await customer.page.fill("#customer-text", "报价单 600 元，实际付款 1,200 元，照片已发邮箱。");
    await customer.page.click("[data-test=do-send]");
    await clockIn(customer.page, SOLUTION, "running");
    await clockIn(await at("agent"), SOLUTION, "running");
  });

  test("paused again, the agent lets it run by hand", async () => {
    const page = await at("agent");
    await act(page, "pause");
    await page.fill("#action-note", "请确认上门时间");
    await send(page);
    await sent(page, "pause");
    await clockIn(page, SOLUTION, "paused");
    await act(page, "resume");
    await send(page);
    await sent(page, "resume");
    await clockIn(page, SOLUTION, "running");
  });

  after(() => assert.deepEqual(customer.complaints, []));
});

describe("a third party mediates", () => {
  let customer;
  before(async () => {
    customer = await customerWith(browser, complaint("退货后迟迟不退款"));
  });

  test("an agent may not call it in, and is told why", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    assert.equal(await page.locator("[data-test=do-call-mediation]").count(), 0);
    await page.click("[data-test=blocked]");
    await page.locator("dl.blocked dt").filter({ hasText: "提请调解" }).first().waitFor();
  });

  test("supervision calls it in, and the clock stands still meanwhile", async () => {
    const page = await at("supervision");
    await openTicket(page, customer.number);
    await say(page, "call-mediation", "市消费者协会，联系人李老师");
    await clockIn(page, SOLUTION, "paused");
    await page.getByText("市消费者协会").first().waitFor();
    await clockIn(await at("agent"), SOLUTION, "paused");
  });

  test("its outcome and cost are on record, and the clock goes on, for the customer too", async () => {
    const page = await at("supervision");
    await act(page, "conclude-mediation");
    await page.fill("#action-body", "双方同意三日内退款 2,300 元。");
    await page.fill("#action-cost", "1200");
    await page.locator("#action-cost").press("Tab");
    await send(page);
    await sent(page, "conclude-mediation");
    await clockIn(page, SOLUTION, "running");
    await page.getByText("¥1200.00").first().waitFor();
    await customer.page.reload();
    await clockIn(customer.page, SOLUTION, "running");
    await page.getByText("双方同意三日内退款").first().waitFor();
  });

  after(() => assert.deepEqual(customer.complaints, []));
});

describe("force majeure excepts a visit", () => {
  let customer;
  before(async () => {
    customer = await customerWith(browser, {
      kind: "repair",
      subject: "暴雨后配电房进水跳闸",
      body: "厂区停电，请尽快上门。",
      language: "zh",
      urgency: "urgent",
      site: "local",
      customer: { name: "郭工", phone: "13700000003" },
    });
  });

  test("only with evidence, timely word to the customer and an alternative", async () => {
    const engineer = await at("specialist");
    await openTicket(engineer, customer.number);
    await act(engineer, "reply");
    await engineer.fill("#action-body", "暴雨红色预警，道路封闭，今天可能无法到达，先由我们远程指导断电排水。");
    await send(engineer);
    await sent(engineer, "reply");

    const page = await at("lead");
    await openTicket(page, customer.number);
    await clockIn(page, ON_SITE, "running");
    await act(page, "grant-exception");
    await page.fill("#action-evidence", "气象台 11 月 21 日暴雨红色预警，交警封路公告");
    await send(page);
    assert.match(await alert(page).innerText(), /及时告知客户/);
    assert.match(await page.inputValue("#action-evidence"), /红色预警/, "what was typed is still there");
    await page.locator("[data-test=form-grant-exception] .el-select").click();
    await page.getByRole("option").filter({ hasText: "暴雨红色预警" }).click();
    await page.fill("#action-alternative", "远程指导断电排水，水退后第一时间上门");
    await send(page);
    await sent(page, "grant-exception");
    await page.click("[data-test=ended-clocks]");
    await clockIn(page, ON_SITE, "excepted");
    await customer.page.reload();
    await customer.page.click("[data-test=ended-clocks]");
    await clockIn(customer.page, ON_SITE, "excepted");
  });

  test("and ends when its ground has ended", async () => {
    const page = await at("lead");
    await act(page, "lift-exception");
    await send(page);
    await sent(page, "lift-exception");
    await page.locator("[data-test=do-lift-exception]").waitFor({ state: "detached" });
    await page.getByText("除外结束").first().waitFor();
    await clockIn(page, ON_SITE, "excepted");
  });

  after(() => assert.deepEqual(customer.complaints, []));
});

describe("a breach is made good", () => {
  let customer;
  before(async () => {
    customer = await customerWith(browser, complaint("投诉内容被漏记"));
  });

  test("supervision finds that content was hidden: a major breach", async () => {
    const page = await at("supervision");
    await openTicket(page, customer.number);
    await say(page, "find-concealment", "电话录音里客户两次提到受伤，记录中没有写。");
    await page.locator("[data-test=breaches]").getByText("重大违约").first().waitFor();
  });

  test("the agent proposes the remedy, and may not approve it", async () => {
    const page = await at("agent");
    await openTicket(page, customer.number);
    await act(page, "propose-remedy");
    await page.fill("#action-body", "何女士，您好。您反映的伤情没有被完整记录，我们深表歉意，减免服务费并安排专人跟进。");
    await page.locator("#give-percent").fill("20");
    await page.locator("#give-percent").press("Tab");
    await page.getByRole("button", { name: "添加" }).first().click();
    await send(page);
    await sent(page, "propose-remedy");
    assert.equal(await page.locator("[data-test=do-approve-remedy]").count(), 0);
    assert.equal(await page.locator("[data-test=do-deliver-remedy]").count(), 0, "nothing is delivered before it is approved");
  });

  test("the manager approves, the agent delivers, the customer confirms", async () => {
    const manager = await at("manager");
    await openTicket(manager, customer.number);
    await act(manager, "approve-remedy");
    await send(manager);
    await sent(manager, "approve-remedy");
    const page = await at("agent");
    await page.locator("[data-test=do-deliver-remedy]").first().waitFor();
    await act(page, "deliver-remedy");
    await page.fill("#action-note", "已减免当月服务费 20%。");
    await send(page);
    await sent(page, "deliver-remedy");
    await customer.page.reload();
    await customer.page.getByText("20%").first().waitFor();
    await customer.page.click("[data-test=do-confirm-remedy]");
    await customer.page.click("[data-test=do-send]");
    await customer.page.getByText("您确认了补救").first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll("[data-test=breaches] .steps .done").length === 4);
  });

  after(() => assert.deepEqual(customer.complaints, []));
});

test("nobody's console complained on the way", () => {
  assert.deepEqual(Object.values(desk).flatMap(({ complaints }) => complaints), []);
});
