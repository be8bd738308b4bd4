/** The list of tickets: read part by part, refreshed when the feed says that something changed. */
import { ref, shallowRef, watch } from "vue";

import { api, ask } from "@/api/client";
import { useFeed } from "@/api/feed";
import { asProblem, type Problem } from "@/api/problem";
import { learnInstant } from "@/api/server-time";
import { useSoon } from "@/api/soon";
import type { TicketLine } from "@/api/types";

import type { TicketQuery } from "./list-query";

const PART = 50;
const MOST_AT_ONCE = 200;
/** Many changes close together lead to one refresh. */
const SETTLE_MS = 400;

export function useTicketList(query: () => TicketQuery) {
  const tickets = shallowRef<TicketLine[]>([]);
  const next = ref<string | null>(null);
  const reading = ref(false);
  const everRead = ref(false);
  const problem = ref<Problem | null>(null);
  let turn = 0;

  async function read(after: string | null, limit: number): Promise<void> {
    turn += 1;
    const mine = turn;
    reading.value = true;
    try {
      const asked = { ...query(), limit, ...(after === null ? {} : { after }) };
      const part = await ask(api.GET("/api/v1/tickets", { params: { query: asked } }));
      if (mine !== turn) return; // The filter has changed meanwhile.
      learnInstant(part.as_of);
      tickets.value = after === null ? part.tickets : [...tickets.value, ...part.tickets];
      next.value = part.next ?? null;
      problem.value = null;
      everRead.value = true;
    } catch (caught) {
      if (mine === turn) problem.value = asProblem(caught);
    } finally {
      if (mine === turn) reading.value = false;
    }
  }

  const reload = () => read(null, Math.min(MOST_AT_ONCE, Math.max(PART, tickets.value.length)));
  const more = () => (next.value === null || reading.value ? Promise.resolve() : read(next.value, PART));

  useFeed(useSoon(() => void reload(), SETTLE_MS));
  watch(query, () => void read(null, PART), { immediate: true, deep: true });

  return { tickets, next, reading, everRead, problem, reload, more };
}
