/** A notice in words. Its payload holds numbers and names only, never a customer's words. */
import type { NoticeLine } from "@/api/types";
import { hasText, translate } from "@/shell/i18n";

export function noticeWords(notice: NoticeLine): string {
  const t = translate;
  const payload = notice.payload as Record<string, unknown>;
  const text = (name: string) => {
    const value = payload[name];
    return typeof value === "string" ? value : "";
  };
  const key = `notices.says.${notice.kind}`;
  return t(hasText(key) ? key : "notices.says.other", {
    number: text("number"),
    promise: text("promise"),
    step: text("step"),
  });
}
