/** What everybody may see: company, letters in force. Read once a page load. */
import { ref } from "vue";

import { api, ask } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { learnInstant } from "@/api/server-time";
import type { Portal } from "@/api/types";

const portal = ref<Portal | null>(null);
const problem = ref<Problem | null>(null);
let reading: Promise<void> | undefined;

async function read(): Promise<void> {
  try {
    const found = await ask(api.GET("/api/v1/portal"));
    learnInstant(found.now);
    portal.value = found;
    problem.value = null;
  } catch (caught) {
    problem.value = asProblem(caught);
    reading = undefined;
  }
}

export function usePortal() {
  reading ??= read();
  return { portal, problem, reload: () => (reading = read()) };
}
