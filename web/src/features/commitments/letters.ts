/** Letters in force with their promises, read one by one as the list names them. */
import { reactive, ref, watch } from "vue";

import { api, ask } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import type { Letter, LetterLine } from "@/api/types";

export async function readLetter(number: string): Promise<Letter> {
  const letter = await ask(api.GET("/api/v1/portal/commitments/{number}", { params: { path: { number } } }));
  return letter as unknown as Letter;
}

export function useLetters(lines: () => LetterLine[]) {
  const letters = reactive(new Map<string, Letter>());
  const problem = ref<Problem | null>(null);
  watch(
    lines,
    async (wanted) => {
      try {
        const found = await Promise.all(wanted.map((line) => readLetter(line.number)));
        for (const letter of found) letters.set(letter.number, letter);
      } catch (caught) {
        problem.value = asProblem(caught);
      }
    },
    { immediate: true },
  );
  return { letters, problem };
}
