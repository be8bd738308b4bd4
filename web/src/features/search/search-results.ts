/** What a search found: read part by part, anew with each query. */
import { ref, shallowRef, watch } from "vue";

import { api, ask } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import type { components } from "@/api/schema";

type S = components["schemas"];
export type SearchHit = S["SearchHit"];
export type FoundArticle = S["FoundArticle"];
export type SearchAnswer = S["SearchAnswer"];

export interface Asked {
  q: string;
  texts: "all" | "customer";
}

export function useSearch(asked: () => Asked) {
  const hits = shallowRef<SearchHit[]>([]);
  const answer = shallowRef<SearchAnswer | null>(null);
  const articles = shallowRef<FoundArticle[]>([]);
  const problem = ref<Problem | null>(null);
  const reading = ref(false);
  let turn = 0;

  async function read(after: string | null): Promise<void> {
    turn += 1;
    const mine = turn;
    const { q, texts } = asked();
    if (q === "") {
      hits.value = [];
      articles.value = [];
      answer.value = null;
      problem.value = null;
      reading.value = false;
      return;
    }
    reading.value = true;
    try {
      const query = { q, in: texts, ...(after === null ? {} : { after }) };
      const found = await ask(api.GET("/api/v1/search", { params: { query } }));
      if (mine !== turn) return; // Something else was asked meanwhile.
      if (after === null) articles.value = found.articles;
      hits.value = after === null ? found.hits : [...hits.value, ...found.hits];
      answer.value = found;
      problem.value = null;
    } catch (caught) {
      if (mine !== turn) return;
      problem.value = asProblem(caught);
      if (after === null) {
        hits.value = [];
        articles.value = [];
        answer.value = null;
      }
    } finally {
      if (mine === turn) reading.value = false;
    }
  }

  const again = () => read(null);
  const more = () => (answer.value?.next && !reading.value ? read(answer.value.next) : Promise.resolve());
  watch(asked, () => void read(null), { immediate: true, deep: true });
  return { hits, articles, answer, problem, reading, again, more };
}
