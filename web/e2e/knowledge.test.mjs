// The knowledge base: written, approved, answered with, asked for a person, suggested. On the desk that `journeys.test.mjs`
// settled.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { act, customerWith, openTicket, send, sent, text } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const NAMES = [
  "wifi-password",
  "opening-hours",
  "invoice-request",
  "refund-arrival",
  "delivery-time",
  "warranty-period",
  "payment-methods",
  "repair-progress",
  "change-appointment",
  "washing-machine-not-spinning",
  "smart-lock-offline",
  "air-conditioner-cleaning",
];
let browser;
let agent;
let manager;
let starter;

/** The starter knowledge base, read as the product reads it. */
async function articles() {
  const file = new URL("../../crates/language/data/faq/starter.txt", import.meta.url);
  const found = new Map();
  let article;
  let piece;
  for (const line of (await readFile(file, "utf8")).split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const title = /^\[(zh|en)\] (.*)$/.exec(line);
    if (line.startsWith("= ")) {
      article = {};
      piece = undefined;
      found.set(line.slice(2), article);
    } else if (title) {
      piece = { title: title[2], body: "", questions: [] };
      article[title[1]] = piece;
    } else if (line.startsWith("? ")) piece.questions.push(line.slice(2));
    else if (piece) piece.body += `${piece.body === "" ? "" : "\n"}${line}`;
  }
  return found;
}

before(async () => {
  browser = await launch();
  agent = await person(browser);
  await signIn(agent.page, PEOPLE.agent);
  manager = await person(browser);
  await signIn(manager.page, PEOPLE.manager);
  starter = await articles();
});
after(() => browser?.close());

describe("the knowledge base", () => {
  test("an agent writes an article, the manager approves it", async () => {
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/knowledge`);
    await page.click("[data-test=new-article]");
    const { zh } = starter.get(NAMES[0]);
    await page.fill("#article-id", NAMES[0]);
    await page.fill("#article-zh-title", zh.title);
    await page.fill("#article-zh-body", "请拨打 13812345678");
    await page.click("[data-test=keep-draft]");
    await page.locator("[role=alert]").last().waitFor();
    assert.match(await text(page, "[role=alert]"), /个人信息/);
    await page.fill("#article-zh-body", zh.body);
    await page.fill("#article-zh-questions", zh.questions.join("\n"));
    await page.click("[data-test=keep-draft]");
    await page.locator("[data-test=saved]").waitFor();
    await page.waitForURL(/\/desk\/knowledge\/wifi-password$/);
    assert.equal(await page.locator("[data-test=approve]").count(), 0, "an agent approves nothing");
    assert.ok((await overflow(page)) <= 0);
    await manager.page.goto(page.url());
    await manager.page.click("[data-test=approve]");
    await manager.page.locator("[data-test=standing]").filter({ hasText: "生效中" }).waitFor();
  });

  test("with enough articles it is sure enough to answer", async () => {
    const { page } = manager;
    const rest = NAMES.slice(1).map((id) => ({ id, text: starter.get(id) }));
    const failed = await page.evaluate(async (all) => {
      const { csrf_token } = await (await fetch("/api/v1/session")).json();
      const post = (path, body) =>
        fetch(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf_token },
          body: JSON.stringify(body),
        });
      for (const one of all) {
        const drafted = await post("/api/v1/articles", one);
        if (!drafted.ok) return drafted.text();
        const approved = await post(`/api/v1/articles/${one.id}/approval`, { version: 1 });
        if (!approved.ok) return approved.text();
      }
      return null;
    }, rest);
    assert.equal(failed, null);
    await page.goto(`${BASE_URL}/desk/knowledge`);
    const standing = page.locator("[data-test=knowledge-standing]").filter({ hasText: /12 条生效。有/ });
    for (let tries = 0; tries < 60 && !(await standing.count()); tries += 1) {
      await page.reload();
      await page.locator("[data-test=knowledge-standing]").waitFor();
    }
    await standing.waitFor();
    await page.fill("[data-test=trial-question] input, input[data-test=trial-question]", starter.get(NAMES[0]).zh.questions[0]);
    await page.click("[data-test=trial-send]");
    await page.locator("[data-test=trial-band]").filter({ hasText: "会自动答复" }).waitFor();
  });

  test("a search finds articles, too", async () => {
    const { page } = agent;
    const { zh } = starter.get(NAMES[0]);
    await page.goto(`${BASE_URL}/desk/search?q=${encodeURIComponent(zh.title)}`);
    const article = page.locator("[data-test=search-articles] a");
    assert.equal(await article.first().innerText(), zh.title);
    await article.first().click();
    await page.waitForURL(/\/desk\/knowledge\/wifi-password$/);
  });

  test("the answer stands beside number and code, with the way on", async () => {
    const { page, complaints } = await person(browser);
    await page.goto(`${BASE_URL}/submit`);
    await page.click("[data-test=kind-consultation]");
    await page.fill("#subject", starter.get(NAMES[0]).zh.questions[1]);
    await page.fill("#body", starter.get(NAMES[0]).zh.questions[0]);
    await page.fill("#name", "冯先生");
    await page.fill("#phone", "13600000010");
    await page.click("[data-test=send]");
    assert.match(await text(page, "[data-test=automatic-answer]"), /这是自动答复/);
    await page.click("[data-test=judge-answer]");
    await page.locator("[data-test=do-ask-for-person]").waitFor();
    // Nobody chose an owner: it was the product, not the customer.
    assert.match(await page.locator("li", { hasText: "分派" }).first().innerText(), /系统/);
    assert.deepEqual(complaints, []);
  });

  test("a customer is answered at once and still reaches a person", async () => {
    const question = starter.get(NAMES[0]).zh.questions[0];
    const customer = await customerWith(browser, {
      kind: "consultation",
      subject: question,
      body: question,
      language: "zh",
      customer: { name: "郑女士", phone: "13600000009" },
    });
    const { page } = customer;
    await page.getByText("这是自动答复").first().waitFor();
    await page.getByText("自动回复").first().waitFor();
    await page.click("[data-test=do-ask-for-person]");
    await page.click("[data-test=do-send]");
    await page.getByText("您要求转人工").first().waitFor();
    assert.equal(await page.locator("[data-test=do-judge-answer]").count(), 0);

    // The agent sees what was answered, and answers with what is suggested.
    const desk = agent.page;
    await openTicket(desk, customer.number);
    await desk.getByText("客户要求转人工").first().waitFor();
    await desk.getByText(/知识条目 wifi-password 第 1 版/).first().waitFor();
    await act(desk, "reply");
    await desk.click("[data-test=insert-wifi-password]");
    assert.ok((await desk.inputValue("#action-body")).length > 10);
    await send(desk);
    await sent(desk, "reply");
    await desk.getByText("采用知识条目").first().waitFor();
    await desk.click("[data-test=make-article]");
    await desk.waitForURL(/\/desk\/knowledge\/new\?ticket=/);
    await desk.waitForFunction((asked) => document.querySelector("#article-zh-title")?.value === asked, question);
    assert.deepEqual([...customer.complaints, ...agent.complaints], []);
  });

  test("what nobody can answer is listed", async () => {
    await customerWith(browser, {
      kind: "consultation",
      subject: "你们支持以旧换新吗",
      body: "你们支持以旧换新吗",
      language: "zh",
      customer: { name: "冯先生", phone: "13600000010" },
    });
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/knowledge`);
    await page.locator("[data-test=unanswered]").getByText("以旧换新").first().waitFor();
  });

  test("the pages fit a narrow window, in English and in the dark", async () => {
    const narrow = await person(browser, { language: "en", width: 390, scheme: "dark" });
    await signIn(narrow.page, PEOPLE.manager);
    for (const path of ["knowledge", "knowledge/wifi-password"]) {
      await narrow.page.goto(`${BASE_URL}/desk/${path}`);
      await narrow.page.locator("h1").waitFor();
      await narrow.page.locator(".panel").first().waitFor();
      assert.ok((await overflow(narrow.page)) <= 0, path);
    }
    assert.deepEqual(narrow.complaints, []);
  });
});
