import { ref } from "vue";

import { asProblem, type Problem } from "@/api/problem";

/** A form on its way: whether it is under way, and what the server found wrong with it. */
export function useSending() {
  const sending = ref(false);
  const problem = ref<Problem | null>(null);

  /** Sends; true once it is done. */
  async function send(what: () => Promise<unknown>): Promise<boolean> {
    sending.value = true;
    problem.value = null;
    try {
      await what();
      return true;
    } catch (caught) {
      problem.value = asProblem(caught);
      return false;
    } finally {
      sending.value = false;
    }
  }

  return { sending, problem, send };
}
