// Settles an empty desk the way a company would: first admin, teams, people, letters. Everything through the browser.
import { readFile } from "node:fs/promises";

import { BASE_URL, person, signIn } from "./browser.mjs";

const PASSWORD = "a-long-enough-password";
export const PEOPLE = {
  admin: { account: "root", name: "管理员", password: PASSWORD },
  agent: { account: "lin", name: "林晓", role: "agent", team: "customer-service", password: PASSWORD },
  specialist: { account: "wang", name: "王磊", role: "specialist", team: "technical-support", password: PASSWORD },
  supervision: { account: "zhao", name: "赵敏", role: "supervision", password: PASSWORD },
  lead: { account: "zhou", name: "周岚", role: "team-lead", team: "technical-support", password: PASSWORD },
  auditor: { account: "shen", name: "沈正", role: "auditor", password: PASSWORD },
  manager: { account: "chen", name: "陈立", role: "manager", password: PASSWORD },
};
const TEAMS = [
  {
    id: "customer-service",
    name: { zh: "客户服务部", en: "Customer service" },
    kinds: ["consultation", "complaint", "suggestion", "praise"],
  },
  { id: "technical-support", name: { zh: "技术支持部", en: "Technical support" }, kinds: ["repair"] },
];
const LETTERS = ["response-time.toml", "hotline-complaints.toml"];

/** The first admin, through the set-up page. */
export async function setUp(page, code) {
  await page.goto(`${BASE_URL}/desk/setup`);
  const { account, name, password } = PEOPLE.admin;
  await page.fill("#code", code);
  await page.fill("#account", account);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.fill("#again", password);
  await page.click("button[type=submit]");
  await page.waitForURL(/\/desk\/people/);
}

/** Teams and people, by the same requests that the forms of the people page send. */
export async function staff(page) {
  const done = await page.evaluate(
    async ([teams, people]) => {
      const session = await (await fetch("/api/v1/session")).json();
      const send = async (path, body) => {
        const answer = await fetch(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token },
          body: JSON.stringify(body),
        });
        return answer.ok ? null : `${path} ${answer.status} ${await answer.text()}`;
      };
      const failures = [];
      for (const team of teams) failures.push(await send("/api/v1/teams", team));
      for (const one of people) failures.push(await send("/api/v1/people", one));
      return failures.filter((failure) => failure !== null);
    },
    [TEAMS, Object.values(PEOPLE).filter((one) => one.role !== undefined)],
  );
  if (done.length > 0) throw new Error(done.join("\n"));
}

/** The letters of the worked example, in force since the beginning of the year, through the draft page. */
export async function publish(browser) {
  const { page, context } = await person(browser);
  await signIn(page, PEOPLE.manager);
  for (const file of LETTERS) {
    const text = await readFile(new URL(`../../examples/commitments/${file}`, import.meta.url), "utf8");
    const inForce = text.replace(/^effective\s*=.*$/m, "effective = 2026-01-01T00:00:00+08:00");
    await page.goto(`${BASE_URL}/desk/commitments?tab=draft`);
    await page.fill("#draft-text", inForce);
    await page.click("[data-test=check]");
    await page.locator("[data-test=publish]:not([disabled])").click();
    await page.locator(".el-message-box__btns .el-button--primary").click();
    await page.locator("[role=status]").first().waitFor();
  }
  await context.close();
}
