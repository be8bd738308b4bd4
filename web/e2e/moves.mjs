// What people do again and again on the pages.
import { BASE_URL, person } from "./browser.mjs";

/** The text of the first element that fits. */
export const text = (page, selector) => page.locator(selector).first().innerText();
export const alert = (page) => page.locator("[role=alert]").last();

/** Opens the form of a command on the ticket page. */
export async function act(page, command) {
  await page.locator(`[data-test=do-${command}]`).first().click();
  await page.locator(`[data-test=form-${command}]`).waitFor();
}
export const send = (page) => page.click("[data-test=action-send]");
export const sent = (page, command) => page.locator(`[data-test=form-${command}]`).waitFor({ state: "detached" });

/** Opens the form of a command, fills its main text and sends it. */
export async function say(page, command, body) {
  await act(page, command);
  await page.fill("#action-body", body);
  await send(page);
  await sent(page, command);
}

/** Tomorrow at noon, as the browser's date and time field wants it. */
export function tomorrow() {
  const noon = new Date(Date.now() + 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  return `${noon}T12:00`;
}

/** A customer who submits a request by the same call as the form, and follows it. Number and code come with the page. */
export async function customerWith(browser, request, options = {}) {
  const customer = await person(browser, options);
  const { page } = customer;
  await page.goto(`${BASE_URL}/follow`);
  const receipt = await page.evaluate(async (body) => {
    const answer = await fetch("/api/v1/requests", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.json();
  }, request);
  await page.fill("#number", receipt.number);
  await page.fill("#code", receipt.query_code);
  await page.click("[data-test=open]");
  await page.getByRole("heading", { name: request.subject }).waitFor();
  return { ...customer, number: receipt.number, code: receipt.query_code };
}

/** Opens a ticket of the desk by its number. */
export async function openTicket(page, number) {
  await page.goto(`${BASE_URL}/desk/tickets?owner=everyone&state=any&number=${number}`);
  await page.locator("[data-test=ticket-list] a").first().click();
  await page.waitForURL(/\/desk\/tickets\/tkt_/);
  await page.getByText(number).first().waitFor();
}

/** The card of a clock by the title of its promise. */
const clock = (page, title) => page.locator("article.clock").filter({ hasText: title });
export const clockIn = (page, title, state) => clock(page, title).and(page.locator(`[data-state=${state}]`)).first().waitFor();
