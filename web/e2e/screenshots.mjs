// Pictures for the documentation, from a running server with the worked example.
//   BASE_URL=http://127.0.0.1:8080 PASSWORD=… node e2e/screenshots.mjs [folder]
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BASE_URL, launch, person, signIn } from "./browser.mjs";
import { customerWith } from "./moves.mjs";

const REQUEST = {
  zh: {
    kind: "complaint",
    subject: "发票金额与合同不符，多收了两个月的服务费",
    body: "合同约定每月 1,280 元，但最近两个月的发票都是 1,680 元。请退还多收的费用。",
    language: "zh",
    customer: { name: "周先生", phone: "13900000000" },
  },
  en: {
    kind: "complaint",
    subject: "The invoice does not match the contract",
    body: "We agreed on 1,280 a month, but the last two invoices say 1,680. Please refund the difference.",
    language: "en",
    customer: { name: "Ms Zhou", phone: "13900000000" },
  },
};

const folder = process.argv[2] ?? new URL("../../docs/screenshots", import.meta.url).pathname;
const password = process.env.PASSWORD ?? "";
await mkdir(folder, { recursive: true });
const browser = await launch();

async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

for (const [language, suffix] of [
  ["zh-CN", "zh"],
  ["en", "en"],
]) {
  const { page, context } = await person(browser, { language });
  await page.goto(`${BASE_URL}/`);
  await page.locator("dl.promises").last().waitFor();
  await shoot(page, `portal-${suffix}`);
  await signIn(page, { account: "lead", password });
  await page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
  await page.locator("[data-test=ticket-list] > *").nth(9).waitFor();
  await shoot(page, `tickets-${suffix}`);
  await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&kind=complaint&overdue=true`);
  await page.locator("[data-test=ticket-list] a").first().click();
  await page.locator("article.clock").first().waitFor();
  await shoot(page, `ticket-${suffix}`);
  await page.locator("[data-test=derive]").nth(1).click();
  await page.locator("[data-test=derivation] table").first().waitFor();
  await page.locator(".el-drawer.open, .el-drawer").first().waitFor();
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
  await shoot(page, `derivation-${suffix}`);
  await page.goto(`${BASE_URL}/desk/figures`);
  await page.locator("[data-test=distribution]").nth(1).click();
  await shoot(page, `figures-${suffix}`);
  await context.close();
  await receipt(language, suffix);
}

/** A request of a customer, its printed receipt, and the page that verifies the file. */
async function receipt(language, suffix) {
  const { page, number, context } = await customerWith(browser, REQUEST[suffix], { language });
  const coming = page.waitForEvent("download");
  await page.click("[data-test=download-receipt]");
  const file = join(await mkdtemp(join(tmpdir(), "yinuo-shot-")), `${number}.json`);
  await (await coming).saveAs(file);
  await page.click("[data-test=print-receipt]");
  const sheet = page.locator("[data-test=sheet]");
  await sheet.waitFor();
  await sheet.screenshot({ path: join(folder, `receipt-${suffix}.png`) });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${BASE_URL}/verify`);
  await page.fill("#given-key", (await (await fetch(`${BASE_URL}/log/key`)).text()).trim());
  await page.setInputFiles("[data-test=file]", file);
  await page.locator("[data-test=step-growth]").waitFor();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, `verify-${suffix}`);
  await context.close();
}

const dark = await person(browser, { scheme: "dark" });
await signIn(dark.page, { account: "lead", password });
await dark.page.goto(`${BASE_URL}/desk/tickets?owner=everyone`);
await dark.page.locator("[data-test=ticket-list] > *").nth(9).waitFor();
await shoot(dark.page, "tickets-dark");
const narrow = await person(browser, { width: 390 });
await narrow.page.goto(`${BASE_URL}/`);
await narrow.page.locator("dl.promises").last().waitFor();
await shoot(narrow.page, "portal-narrow");
await browser.close();
