// Searching: from the field in the head to the ticket. On the desk that `journeys.test.mjs` settled.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BASE_URL, launch, overflow, person, signIn } from "./browser.mjs";
import { customerWith } from "./moves.mjs";
import { PEOPLE } from "./settle.mjs";

const PHONE = "13633334444";
const SUBJECT = "洗碗机漏水";
const BODY = `洗碗机第三次漏水，地板已经泡坏，请打 ${PHONE} 联系我。`;
const ENGLISH = "The dishwasher leaks for the third time and the floor is ruined";
let browser;
let agent;
let number;

/** Asks until the indexer has taken the tickets up; it follows within a second. */
async function indexed(page) {
  await page.waitForFunction(
    async (word) => {
      const answer = await (await fetch(`/api/v1/search?q=${encodeURIComponent(word)}`)).json();
      return answer.total === 1 && answer.behind === 0;
    },
    "洗碗机",
    { timeout: 20_000 },
  );
}

before(async () => {
  browser = await launch();
  const customer = await customerWith(browser, {
    kind: "complaint",
    subject: SUBJECT,
    body: BODY,
    language: "zh",
    customer: { name: "顾晴", phone: PHONE },
  });
  number = customer.number;
  await customerWith(browser, {
    kind: "repair",
    subject: "Dishwasher",
    body: ENGLISH,
    language: "en",
    customer: { name: "Ms Gu", phone: "13633335555" },
  });
  agent = await person(browser);
  await signIn(agent.page, PEOPLE.agent);
  await indexed(agent.page);
});

after(async () => {
  await browser?.close();
});

describe("searching", () => {
  test("the slash leads to the field, and Enter to what was found", async () => {
    const { page } = agent;
    await page.locator("h1").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("洗碗机 地板");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/desk\/search\?q=/);
    const hit = page.locator("[data-test=search-hit]");
    await hit.waitFor();
    assert.equal(await hit.count(), 1);
    assert.deepEqual(await hit.locator("mark").allInnerTexts(), ["洗碗机", "洗碗机", "地板"]);
    assert.ok(!(await page.content()).includes(PHONE), "a phone number is masked in what is shown");
    assert.match(await hit.innerText(), new RegExp(number));
  });

  test("a filter narrows, and stands in the query", async () => {
    const { page } = agent;
    await page.fill("[data-test=search-box]", "third time");
    await page.press("[data-test=search-box]", "Enter");
    await page.locator("[data-test=search-hit] mark", { hasText: "third" }).waitFor();
    await page.fill("[data-test=search-box]", "kind:complaint,repair 洗碗机");
    await page.press("[data-test=search-box]", "Enter");
    await page.locator("[data-test=search-hit]").first().waitFor();
    await page.click("[data-test=facet-state-open]");
    await page.waitForURL(/state%3Aopen|state:open/);
    assert.match(await page.inputValue("[data-test=search-box]"), /state:open/);
    assert.equal(await page.getAttribute("[data-test=facet-state-open]", "aria-pressed"), "true");
  });

  test("what cannot be read is told under the field, with its place", async () => {
    const { page } = agent;
    await page.fill("[data-test=search-box]", '漏水 "没有另一半');
    await page.press("[data-test=search-box]", "Enter");
    const said = page.locator("[data-test=unreadable]");
    await said.waitFor();
    assert.match(await said.innerText(), /引号/);
    assert.equal(await said.locator(".here").innerText(), '"没有另一半');
  });

  test("nothing found is said with what else to try", async () => {
    const { page } = agent;
    await page.fill("[data-test=search-box]", "顾晴");
    await page.press("[data-test=search-box]", "Enter");
    await page.locator("[data-test=search-none]").waitFor();
    assert.match(await page.locator("[data-test=search-none]").innerText(), /姓名/);
    assert.equal(await page.locator("[data-test^=facet-]").count(), 0, "nothing to narrow");
    await page.fill("[data-test=search-box]", "顾晴 kind:praise,repair");
    await page.press("[data-test=search-box]", "Enter");
    await page.locator("[data-test^=facet-kind]").waitFor();
    assert.match(await page.locator("[data-test^=facet-kind]").innerText(), /表扬 \/ 报修\s*0/);
  });

  test("from a hit to its ticket and back", async () => {
    const { page } = agent;
    await page.goto(`${BASE_URL}/desk/search?q=${encodeURIComponent(number)}`);
    await page.locator("[data-test=search-hit] a").first().click();
    await page.waitForURL(/\/desk\/tickets\/tkt_/);
    await page.getByText(number).first().waitFor();
    await page.goBack();
    await page.locator("[data-test=search-hit]").first().waitFor();
    assert.equal(await page.inputValue("[data-test=search-box]"), number);
  });

  test("whoever reads no tickets has no field", async () => {
    const admin = await person(browser);
    await signIn(admin.page, PEOPLE.admin);
    await admin.page.locator("[data-test=person]").waitFor();
    assert.equal(await admin.page.locator("[data-test=search-box]").count(), 0);
    assert.deepEqual(admin.complaints, []);
  });

  test("narrow, dark and English", async () => {
    const { page, complaints } = await person(browser, { language: "en", width: 390, scheme: "dark" });
    await signIn(page, PEOPLE.agent);
    await page.goto(`${BASE_URL}/desk/search?q=${encodeURIComponent("dishwasher")}`);
    await page.locator("[data-test=search-hit]").first().waitFor();
    assert.ok((await overflow(page)) <= 0, "the page is not wider than its window");
    assert.match(await page.locator("h1").innerText(), /Search/);
    assert.deepEqual(complaints, []);
    assert.deepEqual(agent.complaints, []);
  });
});
