// How texts are understood: what is doubtful waits for a person, who confirms or corrects; rules; a model learned from
// that, its figures, and the way back. On the desk that `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { act, customerWith, openTicket, send, sent, text } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

/** Words that say nothing: every promise that might hold runs. */
const DOUBTFUL = { subject: "……", body: "……。。", language: "zh", customer: { name: "钱先生", phone: "13600000021" } };
/** Corrections that are worth a model. */
const CORRECTIONS = 30;
let browser;
let agent;
let manager;

/** Requests in words that only this company uses, each classified anew by the agent. */
async function correct(page, count) {
  const failed = await page.evaluate(async (wanted) => {
    const { csrf_token } = await (await fetch("/api/v1/session")).json();
    const post = (path, body, more = {}) =>
      fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf_token, ...more },
        body: JSON.stringify(body),
      });
    for (let number = 0; number < wanted; number += 1) {
      const words = `wobbleduck 第 ${number} 号，请看一下${"编号".repeat(number % 5)}`;
      const request = { subject: "客户来信", body: words, customer: { name: "吴女士", phone: "13600000022" } };
      const filed = await post("/api/v1/requests", request, { "Idempotency-Key": crypto.randomUUID() });
      if (!filed.ok) return filed.text();
      const { number: named } = await filed.json();
      const found = await (await fetch(`/api/v1/tickets?number=${named}`)).json();
      const { id, kind } = found.tickets[0];
      const facets = {
        kind: "complaint",
        urgency: "normal",
        complexity: "simple",
        severity: "general",
        site: "local",
        technical: true,
      };
      if (kind === "complaint") facets.complexity = "complex";
      const done = await post(`/api/v1/tickets/${id}/commands`, { command: "classify", facets, why: "客户来电说明" });
      if (!done.ok) return done.text();
    }
    return null;
  }, count);
  assert.equal(failed, null);
}

before(async () => {
  browser = await launch();
  agent = await person(browser);
  await signIn(agent.page, PEOPLE.agent);
  manager = await person(browser);
  await signIn(manager.page, PEOPLE.manager);
});
after(() => browser?.close());

describe("what is not sure", () => {
  test("customers need not know what their request is", async () => {
    const { page, complaints } = await person(browser);
    await page.goto(`${BASE_URL}/submit`);
    await page.fill("#subject", "投诉维修人员");
    await page.fill("#body", "我要投诉你们的维修人员，态度恶劣还推卸责任，要求道歉并给我一个说法。");
    await page.fill("#name", "蒋先生");
    await page.fill("#phone", "13600000023");
    await page.click("[data-test=send]");
    assert.match(await text(page, "[data-test=number]"), /^TS-/, "it is a complaint, and runs on its clocks");
    assert.deepEqual(complaints, []);
  });

  test("waits for a person on the strictest clocks, and is confirmed", async () => {
    const customer = await customerWith(browser, DOUBTFUL);
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
    await page.click("[data-test=triage]");
    await page.waitForURL(/triage=wanted/);
    const line = page.locator("[data-test=ticket-list] > *").filter({ hasText: customer.number });
    await line.getByText("待复核").waitFor();
    await openTicket(page, customer.number);
    const box = page.locator("[data-test=assessment]");
    await box.getByText("待复核").waitFor();
    await box.getByText("同时按以下可能计时").waitFor();
    await box.getByText("文字中读不出内容").waitFor();
    assert.doesNotMatch(await box.innerText(), /%/, "nothing was read, so nothing is probable");
    assert.ok((await page.locator("article.clock[data-state=running]").count()) > 1);
    await page.click("[data-test=confirm-classification]");
    await box.getByText("已确认").waitFor();
    assert.equal(await page.locator("[data-test=confirm-classification]").count(), 0);
    const another = await customerWith(browser, { ...DOUBTFUL, subject: "。。。" });
    await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&triage=wanted`);
    await page.locator("[data-test=ticket-list] > *").filter({ hasText: another.number }).waitFor();
    assert.equal(await line.count(), 0);
  });

  test("is corrected, and the person's word holds", async () => {
    const customer = await customerWith(browser, DOUBTFUL);
    const { page } = agent;
    await openTicket(page, customer.number);
    await act(page, "classify");
    const form = page.locator("[data-test=form-classify]");
    await form.getByText("表扬", { exact: true }).click();
    await page.fill("#action-why", "客户来电说明");
    await send(page);
    await sent(page, "classify");
    await page.locator("[data-test=assessment]").getByText("已更正").waitFor();
    assert.match(await text(page, "main"), /表扬/);
    assert.deepEqual([...customer.complaints, ...agent.complaints], []);
  });
});

describe("the page of understanding", () => {
  test("refuses a bad rule with its line, keeps a good one, and the next request follows it", async () => {
    const { page } = manager;
    await page.goto(`${BASE_URL}/desk/understanding`);
    const rules = page.locator("[data-test=rules] textarea");
    await rules.fill('rule "停电"\nwhen text has any of 停电\nthen kind = outage');
    await page.click("[data-test=write-rules]");
    await page.getByText(/第 3 行第 13 列：`outage` 不是 kind 的取值/).waitFor();
    await rules.fill('rule "停电"\nwhen text has any of 停电\nthen kind = repair, urgency = urgent');
    await page.click("[data-test=write-rules]");
    await page.locator("[data-test=said]").getByText("规则已保存").waitFor();
    const customer = await customerWith(browser, { ...DOUBTFUL, subject: "小区停电", body: "停电了，什么时候来？" });
    await openTicket(agent.page, customer.number);
    await agent.page.locator("[data-test=assessment]").getByText("本公司规则「停电」").first().waitFor();
  });

  test("learns from corrections, shows how good the model is, and goes back", async () => {
    const { page } = manager;
    await correct(agent.page, CORRECTIONS);
    await page.goto(`${BASE_URL}/desk/understanding`);
    await page.locator("[data-test=model]").getByText("随产品提供").waitFor();
    const begun = page.waitForResponse((answer) => answer.url().endsWith("/understanding/models"));
    await page.click("[data-test=learn]");
    assert.equal((await begun).status(), 202, "nobody waits for it");
    await page.locator("[data-test=learning]").getByText("正在学习一个新模型").waitFor();
    const another = await page.evaluate(async () => {
      const { csrf_token } = await (await fetch("/api/v1/session")).json();
      const answer = await fetch("/api/v1/understanding/models", { method: "POST", headers: { "X-CSRF-Token": csrf_token } });
      return [answer.status, (await answer.json()).code];
    });
    assert.deepEqual(another, [409, "learning"]);
    await page.locator("[data-test=learned]").getByText("模型 1：通过比较，已启用").waitFor({ timeout: 60_000 });
    await page.locator("[data-test=model]").getByText("版本 1").waitFor();
    await page.locator("[data-test=confusion] tbody tr").first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator("[data-test=model] tbody tr").count(), 7);
    assert.equal(await page.locator("[data-test=confusion] table").first().locator("tbody tr").count(), 5);
    const mine = page.locator("[data-test=correctors] tr").filter({ hasText: PEOPLE.agent.name });
    await mine.getByRole("button", { name: "不计入" }).click();
    await page.locator("[data-test=said]").getByText("已记录").waitFor();
    await mine.getByRole("button", { name: "重新计入" }).waitFor({ timeout: 60_000 });
    await page.click("[data-test=use-shipped]");
    await page.locator("[data-test=model]").getByText("随产品提供").waitFor();
    await page.locator("[data-test=gone-back]").getByText("自动学习到的模型只作比较").waitFor();
    await page.locator("[data-test=versions] .version").filter({ hasText: "版本 1" }).getByRole("button", { name: "启用" }).waitFor();
    assert.deepEqual(manager.complaints, []);
  });

  test("is read by a team lead, who changes nothing", async () => {
    const lead = await person(browser);
    await signIn(lead.page, PEOPLE.lead);
    await lead.page.goto(`${BASE_URL}/desk/understanding`);
    await lead.page.locator("[data-test=confusion]").waitFor({ timeout: 60_000 });
    for (const button of ["learn", "write-rules", "use-shipped"]) {
      assert.equal(await lead.page.locator(`[data-test=${button}]`).count(), 0, button);
    }
    assert.deepEqual(lead.complaints, []);
  });

  test("fits a narrow window, in English and in the dark", async () => {
    const narrow = await person(browser, { language: "en", width: 390, scheme: "dark" });
    await signIn(narrow.page, PEOPLE.manager);
    await narrow.page.goto(`${BASE_URL}/desk/understanding`);
    await narrow.page.locator("[data-test=confusion]").waitFor({ timeout: 60_000 });
    assert.ok((await overflow(narrow.page)) <= 0);
    assert.deepEqual(narrow.complaints, []);
  });
});
