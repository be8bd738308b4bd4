// Journeys in a real Chromium against a running server. `run.mjs` starts one; BASE_URL and SETUP_CODE name it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { act, alert, send, sent, text, tomorrow } from "./moves.mjs";
import { PEOPLE, publish, setUp, staff } from "./settle.mjs";

const SUBJECT = "发票金额与合同不符，多收了两个月的服务费";
const BODY = "合同约定每月 1,280 元，但最近两个月的发票都是 1,680 元。请退还多收的费用。";

let browser;
let admin;
let customer;
let agent;
const receipt = { number: "", code: "" };

before(async () => {
  assert.ok(BASE_URL, "BASE_URL names the server");
  browser = await launch();
  admin = await person(browser);
  customer = await person(browser);
  agent = await person(browser);
});

after(async () => {
  await browser?.close();
});

describe("an empty desk is settled", () => {
  test("the first admin sets it up with the code of the server", async () => {
    await setUp(admin.page, process.env.SETUP_CODE ?? "");
    await admin.page.locator("[data-test=add-person]").waitFor();
  });

  test("teams and people join", async () => {
    await staff(admin.page);
    await admin.page.reload();
    await admin.page.getByText(PEOPLE.agent.name).first().waitFor();
  });

  test("the admin does not read tickets", async () => {
    await admin.page.goto(`${BASE_URL}/desk/tickets`);
    await admin.page.getByText("您的角色不查看工单。").waitFor();
  });

  test("the manager checks and publishes both letters", async () => {
    await publish(browser);
    await customer.page.goto(`${BASE_URL}/`);
    await customer.page.getByText("阅读全文").nth(1).waitFor();
  });

  test("a draft with errors is answered with findings", async () => {
    const { page, context } = await person(browser);
    await signIn(page, PEOPLE.manager);
    await page.goto(`${BASE_URL}/desk/commitments?tab=draft`);
    await page.fill("#draft-text", '[commitment]\nnubmer = "X-1"\n');
    await page.click("[data-test=check]");
    await page.locator("[data-test=findings] li").first().waitFor();
    assert.ok(await page.locator("[data-test=publish]").isDisabled());
    await context.close();
  });
});

describe("a complaint from the first word to the survey", () => {
  test("the customer submits it and gets number and code", async () => {
    const { page } = customer;
    await page.goto(`${BASE_URL}/submit`);
    await page.click("[data-test=send]");
    await page.getByText("请用一句话说明。").waitFor();
    await page.click("[data-test=kind-complaint]");
    await page.fill("#subject", SUBJECT);
    await page.fill("#body", BODY);
    await page.fill("#name", "周先生");
    await page.fill("#phone", "13900000000");
    await page.click("[data-test=send]");
    receipt.number = await text(page, "[data-test=number]");
    receipt.code = await text(page, "[data-test=query-code]");
    assert.match(receipt.number, /^\S{6,}$/);
    assert.ok(receipt.code.length >= 6);
    assert.ok((await page.locator("article.clock").count()) > 0, "the first clocks are shown");
  });

  test("a wrong code shows nothing of it", async () => {
    const stranger = await person(browser);
    await stranger.page.goto(`${BASE_URL}/follow`);
    await stranger.page.fill("#number", receipt.number);
    await stranger.page.fill("#code", "WRONG-CODE");
    await stranger.page.click("[data-test=open]");
    await alert(stranger.page).waitFor();
    assert.ok(!(await stranger.page.content()).includes(SUBJECT));
    await stranger.context.close();
  });

  test("the customer follows it", async () => {
    const { page } = customer;
    await page.click("[data-test=follow]");
    await page.getByRole("heading", { name: SUBJECT }).waitFor();
    assert.ok(!page.url().includes(receipt.code), "the code stays out of the address");
    assert.ok((await page.locator("article.clock[data-state=running]").count()) > 0);
  });

  test("the agent finds it on top of the list", async () => {
    const { page } = agent;
    await signIn(page, PEOPLE.agent);
    const first = page.locator("[data-test=ticket-list] > *").first();
    await first.getByText(SUBJECT).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/desk\/tickets\/tkt_/);
    assert.equal(await text(page, "[data-test=number]"), receipt.number);
  });

  test("an acknowledgement without an apology is withheld, with one it is sent", async () => {
    const { page } = agent;
    await act(page, "reply");
    await page.fill("#action-body", "周先生，您好。我们已开始核对两张发票，结果会在两天内告诉您。");
    await page.click("[data-test=content-investigation-begun]");
    await page.locator("[data-test=remarks] [data-code=apology]").waitFor();
    assert.ok(await page.locator("[data-test=action-send]").isDisabled());
    assert.ok((await text(page, "[data-test=withheld]")).includes("须修改"));
    await page.fill("#action-body", "周先生，您好。非常抱歉。我们已开始核对两张发票，结果会在两天内告诉您。");
    await page.locator("[data-test=withheld]").waitFor({ state: "detached" });
    // The words say it; the sender has to state it, too, because clocks go by what is stated.
    await send(page);
    assert.match(await alert(page).innerText(), /致歉/);
    assert.match(await page.inputValue("#action-body"), /已开始核对/, "what was typed is still there");
    await page.click("[data-test=content-apology]");
    await send(page);
    await sent(page, "reply");
    await page.getByText("非常抱歉").first().waitFor();
  });

  test("a clock shows how its due instant comes about", async () => {
    const { page } = agent;
    await page.locator("[data-test=derive]").first().click();
    await page.locator("[data-test=derivation] table").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-test=derivation]").waitFor({ state: "hidden" });
  });

  test("a solution without a deadline is withheld, with one it is proposed", async () => {
    const { page } = agent;
    await act(page, "propose-solution");
    await page.fill("#action-body", "退还两个月多收的 800 元，并更正发票抬头。");
    await page.locator("[data-test=remarks] [data-code=deadline]").waitFor();
    assert.ok(await page.locator("[data-test=action-send]").isDisabled());
    await page.fill("#action-carry-out", tomorrow());
    await page.locator("[data-test=withheld]").waitFor({ state: "detached" });
    await send(page);
    await sent(page, "propose-solution");
    assert.match(await text(page, "[data-test=stage]"), /待客户答复方案/);
  });

  test("two agents at once: the later one sees the newer state and keeps the text", async () => {
    const other = await person(browser);
    await signIn(other.page, PEOPLE.agent);
    await other.page.route("**/api/v1/feed", (route) => route.abort());
    await other.page.goto(agent.page.url());
    await act(other.page, "note");
    await other.page.fill("#action-body", "第二位同事的备注");
    await act(agent.page, "note");
    await agent.page.fill("#action-body", "第一位同事的备注");
    await send(agent.page);
    await sent(agent.page, "note");
    await send(other.page);
    await other.page.locator("[data-test=newer]").waitFor();
    assert.equal(await other.page.inputValue("#action-body"), "第二位同事的备注");
    await other.page.getByText("第一位同事的备注").first().waitFor();
    await send(other.page);
    await sent(other.page, "note");
    await other.context.close();
  });

  test("the customer accepts, and the agent's page hears of it by itself", async () => {
    const { page } = customer;
    await page.reload();
    await page.click("[data-test=do-accept-solution]");
    await page.click("[data-test=do-send]");
    await page.locator("[data-test=do-accept-solution]").waitFor({ state: "detached" });
    await agent.page.getByText("方案执行中").first().waitFor();
  });

  test("the agent carries it out and closes it", async () => {
    const { page } = agent;
    await act(page, "carry-out");
    await page.fill("#action-body", "800 元已退回原账户，新发票已寄出。");
    await send(page);
    await sent(page, "carry-out");
    await act(page, "close");
    await send(page);
    await sent(page, "close");
    assert.match(await text(page, "[data-test=stage]"), /已关闭/);
  });

  test("the customer rates it", async () => {
    const { page } = customer;
    await page.reload();
    await page.click("[data-test=do-answer-survey]");
    const questions = page.locator(".ratings");
    for (let i = 0; i < (await questions.count()); i += 1) await questions.nth(i).locator("[data-test$='-5']").click();
    await page.click("[data-test=do-send]");
    await page.locator("[data-test=do-answer-survey]").waitFor({ state: "detached" });
    await page.getByText("您的评价").first().waitFor();
  });
});

describe("an urgent repair from the call for help to the customer's word", () => {
  const FAULT = "空压机突然停机，车间停产";
  let caller;
  let engineer;

  before(async () => {
    caller = await person(browser);
    engineer = await person(browser);
  });

  test("the customer reports it as urgent", async () => {
    const { page } = caller;
    await page.goto(`${BASE_URL}/submit`);
    await page.click("[data-test=kind-repair]");
    await page.getByText("设备停止运行，或存在安全风险（紧急报修）").click();
    await page.fill("#subject", FAULT);
    await page.fill("#body", "三号车间空压机报警后停机，全线停产，请马上派人。");
    await page.fill("#name", "郑工");
    await page.fill("#phone", "13900000001");
    await page.click("[data-test=send]");
    await page.click("[data-test=follow]");
    await page.getByRole("heading", { name: FAULT }).waitFor();
  });

  test("the contact has to tell severity and plan", async () => {
    const { page } = engineer;
    await signIn(page, PEOPLE.specialist);
    await page.getByText(FAULT).click();
    await act(page, "contact");
    await page.fill("#action-body", "电机过热保护，属严重故障。方案：先断电，维修人员带备件一小时内到。");
    await send(page);
    assert.match(await alert(page).innerText(), /故障严重程度/);
    await page.click("[data-test=content-severity]");
    await page.click("[data-test=content-plan]");
    await send(page);
    await sent(page, "contact");
  });

  test("dispatched, arrived, solved", async () => {
    const { page } = engineer;
    for (const [command, body] of [
      ["dispatch", "王磊携备件前往，预计一小时内到。"],
      ["arrive", ""],
      ["solve", "更换温控开关，试机两小时正常。"],
    ]) {
      await act(page, command);
      if (body) await page.fill("#action-body", body);
      await send(page);
      await sent(page, command);
    }
  });

  test("the customer confirms", async () => {
    const { page } = caller;
    await page.reload();
    await page.click("[data-test=do-confirm]");
    await page.click("[data-test=do-send]");
    await page.getByText("您已确认").first().waitFor();
    await engineer.page.locator("[data-test=form-close], [data-test=do-close]").first().waitFor();
  });

  test("what cannot be done now is told with its reason", async () => {
    const { page } = engineer;
    await page.click("[data-test=blocked]");
    await page.getByText("它只适用于：投诉", { exact: false }).first().waitFor();
    assert.deepEqual([...caller.complaints, ...engineer.complaints], []);
  });

  test("the engineer closes it, and may not rate the own work", async () => {
    const { page } = engineer;
    await act(page, "close");
    await send(page);
    await sent(page, "close");
    assert.equal(await page.locator("[data-test=do-answer-survey]").count(), 0);
  });

  test("supervision takes down a low rating from the follow-up call, and the list says that a call-back is owed", async () => {
    const { page, context, complaints } = await person(browser);
    await signIn(page, PEOPLE.supervision);
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&state=any`);
    const row = page.locator("[data-test=ticket-list] > *").filter({ hasText: FAULT });
    await row.waitFor();
    assert.equal(await row.locator("[data-test=owed]").count(), 0, "closed, and nothing is owed yet");
    await page.getByText(FAULT).click();
    await act(page, "answer-survey");
    assert.ok(await page.locator("[data-test=action-send]").isDisabled(), "nothing is rated yet");
    await page.click("[data-test=rate-quality-2]");
    await page.fill("#action-comment", "人来得快，但当天又停了一次。");
    await send(page);
    await sent(page, "answer-survey");
    await page.getByText("2/5").first().waitFor();
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
    assert.equal(await row.locator("[data-test=owed]").innerText(), "待回访");
    assert.match(await row.innerText(), /已关闭/);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("what was done can be seen", () => {
  test("the figures count it", async () => {
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/figures`);
    assert.match(await text(page, "[data-test=level]"), /%/);
    await page.locator("[data-test=distribution]").first().click();
    await page.locator("figure").first().waitFor();
  });

  test("the manager reads the records, and the browser itself checks the chain", async () => {
    const { page, context, complaints } = await person(browser);
    await signIn(page, PEOPLE.manager);
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&state=any&number=${receipt.number}`);
    await page.getByText(SUBJECT).click();
    await page.getByRole("tab", { name: "台账记录" }).click();
    await page.getByText("摘要链完整").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a request by phone is entered for a customer", async () => {
    const { page } = agent;
    await page.click("[data-test=new-request]");
    await page.fill("#entry-subject", "怎样变更登记的联系人");
    await page.fill("#entry-body", "原来的联系人离职了，想换成现在的同事。");
    await page.fill("#contact-name", "吴女士");
    await page.click("[data-test=enter]");
    await page.locator("[data-test=receipt]").waitFor();
  });
});

describe("the interface itself", () => {
  const PORTAL = ["/", "/submit", "/follow"];
  const DESK = ["/desk/tickets?owner=everyone", "/desk/figures", "/desk/commitments", "/desk/people", "/desk/new"];

  test("languages switch in place and are remembered", async () => {
    const { page, context, complaints } = await person(browser);
    await page.goto(`${BASE_URL}/`);
    await page.getByRole("link", { name: "提交请求" }).first().waitFor();
    await page.click("[data-test=language]");
    await page.getByRole("link", { name: "Submit a request" }).first().waitFor();
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.reload();
    await page.getByRole("link", { name: "Submit a request" }).first().waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("dark follows the system and the switch", async () => {
    const { page, context } = await person(browser, { scheme: "dark" });
    await page.goto(`${BASE_URL}/`);
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark"));
    assert.equal(await isDark(), true);
    await page.click("[data-test=scheme]");
    assert.equal(await isDark(), false);
    await page.reload();
    assert.equal(await isDark(), false, "the wish is remembered");
    await context.close();
  });

  for (const language of ["zh-CN", "en"]) {
    test(`nothing is wider than a narrow screen (${language})`, async () => {
      const { page, context, complaints } = await person(browser, { language, width: 360 });
      for (const path of PORTAL) {
        await page.goto(BASE_URL + path, { waitUntil: "networkidle" });
        assert.ok((await overflow(page)) <= 0, `${path} is too wide`);
      }
      await signIn(page, PEOPLE.agent);
      for (const path of DESK) {
        await page.goto(BASE_URL + path);
        await page.locator("h1").first().waitFor();
        assert.ok((await overflow(page)) <= 0, `${path} is too wide`);
      }
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test("signing out in one tab ends the others", async () => {
    const { page, context } = await person(browser);
    await signIn(page, PEOPLE.agent);
    await page.getByText("实时更新").waitFor();
    const other = await context.newPage();
    await other.goto(`${BASE_URL}/desk/figures`);
    await other.click("[data-test=person]");
    await other.getByText("退出登录").click();
    await other.waitForURL(/\/sign-in/);
    await page.waitForURL(/\/sign-in/);
    await context.close();
  });

  test("nobody's console complained on the way", () => {
    assert.deepEqual([...admin.complaints, ...customer.complaints, ...agent.complaints], []);
  });
});
