/** Words of the domain put together for people. */
import type { AlarmDetail, Facets, Give } from "@/api/types";
import { hasText, inLanguage, translate } from "@/shell/i18n";

import { durationWords } from "./format";

/** `投诉 · 复杂 · 技术类`: the kind, then what is not the plain case. */
export function facetWords(facets: Facets): string {
  const t = translate;
  const parts = [t(`kind.${facets.kind}`)];
  if (facets.urgency === "urgent") parts.push(t("urgency.urgent"));
  if (facets.complexity === "complex") parts.push(t("complexity.complex"));
  if (facets.severity === "major") parts.push(t("severity.major"));
  if (facets.site === "remote") parts.push(t("site.remote"));
  if (facets.technical) parts.push(t("technical.yes"));
  if (facets.topic) parts.push(facets.topic);
  return parts.join(" · ");
}

export function giveWords(give: Give): string {
  const t = translate;
  if ("fee_reduction_percent" in give) return t("give.fee", { percent: give.fee_reduction_percent });
  return t("give.added", { text: inLanguage(give.added_service) });
}

/** A survey question: the three known ones are translated, a company's own stand as written. */
export function questionWords(question: string): string {
  const t = translate;
  const key = `question.${question}`;
  return hasText(key) ? t(key) : question;
}

/** `80%`, `到期`, `到期后 30 分`. */
export function stepWords(step: Pick<AlarmDetail, "step" | "percent" | "after_ms">): string {
  const t = translate;
  if (step.step === "share") return `${step.percent ?? 0}%`;
  if (step.step === "due") return t("step.due");
  return t("step.after", { time: durationWords(step.after_ms ?? 0) });
}
