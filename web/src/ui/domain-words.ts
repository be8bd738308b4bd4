/** Words of the domain put together for people. */
import type { AlarmDetail, Facets, Give } from "@/api/types";
import { hasText, inLanguage, translate } from "@/shell/i18n";

import { durationWords } from "./format";

/** `投诉 · 复杂 · 技术类`: the kind, then what is not the plain case. */
export function facetWords(facets: Facets): string {
  const parts = [translate(`kind.${facets.kind}`)];
  if (facets.urgency === "urgent") parts.push(translate("urgency.urgent"));
  if (facets.complexity === "complex") parts.push(translate("complexity.complex"));
  if (facets.severity === "major") parts.push(translate("severity.major"));
  if (facets.site === "remote") parts.push(translate("site.remote"));
  if (facets.technical) parts.push(translate("technical.yes"));
  if (facets.topic) parts.push(topicWords(facets.topic));
  return parts.join(" · ");
}

/** A topic: those that the product's own rules know are translated, a company's own stand as written. */
export function topicWords(topic: string): string {
  const key = `topic.${topic}`;
  return hasText(key) ? translate(key) : topic;
}

export function giveWords(give: Give): string {
  if ("fee_reduction_percent" in give) return translate("give.fee", { percent: give.fee_reduction_percent });
  return translate("give.added", { text: inLanguage(give.added_service) });
}

/** A survey question: the three known ones are translated, a company's own stand as written. */
export function questionWords(question: string): string {
  const key = `question.${question}`;
  return hasText(key) ? translate(key) : question;
}

/** `80%`, `到期`, `到期后 30 分`. */
export function stepWords(step: Pick<AlarmDetail, "step" | "percent" | "after_ms">): string {
  if (step.step === "share") return `${step.percent ?? 0}%`;
  if (step.step === "due") return translate("step.due");
  return translate("step.after", { time: durationWords(step.after_ms ?? 0) });
}
