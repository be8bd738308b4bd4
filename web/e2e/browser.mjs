// A real Chromium, and a page that remembers everything the browser complained about.
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const BASE_URL = (process.env.BASE_URL ?? "").replace(/\/$/, "");

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/**
 * A person at a browser of their own. `complaints` are errors of the console and of the page. Answers that a journey
 * provokes (401, 409, 410, 422, 503) are logged by Chromium as failed resources and are not complaints.
 */
export async function person(browser, { language = "zh-CN", width = 1280, scheme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    locale: language,
    colorScheme: scheme,
    timezoneId: "Asia/Shanghai",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`${page.url()} ${error.message}`));
  page.on("console", (message) => {
    const provoked = /Failed to load resource.* (401|409|410|422|503) /.test(message.text());
    if (["error", "warning"].includes(message.type()) && !provoked) complaints.push(`${page.url()} ${message.text()}`);
  });
  return { context, page, complaints };
}

export async function signIn(page, { account, password }) {
  await page.goto(`${BASE_URL}/desk/sign-in`);
  await page.fill("#account", account);
  await page.fill("#password", password);
  await page.click("[data-test=sign-in]");
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
}

/** How many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
