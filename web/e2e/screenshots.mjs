// Pictures for the documentation, from a running server with the worked example.
//   BASE_URL=http://127.0.0.1:8080 PASSWORD=… node e2e/screenshots.mjs [folder]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { BASE_URL, launch, person, signIn } from "./browser.mjs";

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
