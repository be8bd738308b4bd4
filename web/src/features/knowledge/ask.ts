/** Reading the knowledge base. */
import { api, ask } from "@/api/client";
import type { ArticleDetail, ArticleText } from "@/api/types";

export const readArticle = (id: string): Promise<ArticleDetail> =>
  ask(api.GET("/api/v1/articles/{id}", { params: { path: { id } } }));

/** An article without a word. */
export const emptyText = (): ArticleText => ({ owner: null, topic: null, from: null, until: null, zh: null, en: null });

/** The title to show: in the reader's language if there is one. */
export function titleOf(line: { title_zh?: string | null; title_en?: string | null; id: string }, language: string): string {
  const [first, second] = language.startsWith("zh") ? [line.title_zh, line.title_en] : [line.title_en, line.title_zh];
  return first ?? second ?? line.id;
}
