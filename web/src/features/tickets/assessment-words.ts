/** Values of the dimensions of a text, for people. */
import { topicWords } from "@/ui/domain-words";
import { hasText, translate } from "@/shell/i18n";

export function valueWords(dimension: string, value: string): string {
  if (value === "none" && dimension === "topic") return translate("assessment.noTopic");
  if (dimension === "topic") return topicWords(value);
  const group = dimension === "technical" ? "yesNo" : dimension;
  const key = `${group}.${value}`;
  return hasText(key) ? translate(key) : value;
}
