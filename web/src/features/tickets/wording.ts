/** The check of a message while it is being written: which occasion it is for, and what was remarked. Rules are the server's. */
import { type Ref, ref, watch } from "vue";

import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";

import type { Draft, PersonCommand } from "./drafts";

type S = components["schemas"];
export type Remark = S["WordingRemark"];
export type WordedField = "body" | "alternative" | "note";

export interface Occasion {
  step: S["MessageStep"];
  /** What stands beside the words, in fields that the customer is shown. */
  beside: S["MessagePart"][];
  field: WordedField;
}

/** What a command is about to tell the customer; none if nothing. */
export function occasionOf(command: PersonCommand, draft: Draft): Occasion | null {
  switch (command) {
    case "reply": {
      const told = draft.toldMark !== "" && draft.toldBy !== "";
      return { step: draft.purpose, beside: told ? ["answer-time", "next-word"] : [], field: "body" };
    }
    case "contact":
    case "dispatch":
    case "solve":
    case "carry-out":
      return { step: command, beside: [], field: "body" };
    case "propose-solution":
      return { step: command, beside: draft.carryOutBy === "" ? [] : ["deadline"], field: "body" };
    case "propose-remedy":
      return { step: "remedy", beside: [], field: "body" };
    case "grant-exception":
      return { step: "exception", beside: [], field: "alternative" };
    case "close":
      return draft.outcome === "out-of-scope"
        ? { step: "refusal", beside: ["term"], field: "note" }
        : { step: "close", beside: [], field: "note" };
    default:
      return null;
  }
}

/** Remarks on `before` as far as they still hold for `after`: those in what stayed the same, at their new places. */
export function moved(remarks: Remark[], before: string, after: string): Remark[] {
  if (before === after) return remarks;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const shift = after.length - before.length;
  return remarks.flatMap((remark) => {
    if (remark.from === remark.to) return [{ ...remark, from: after.length, to: after.length }];
    if (remark.to <= head) return [remark];
    if (remark.from >= before.length - tail) return [{ ...remark, from: remark.from + shift, to: remark.to + shift }];
    return [];
  });
}

/** Milliseconds without a key before the text is checked. */
const PAUSE_MS = 350;

/** What is remarked on the text of an occasion, a moment after it was typed. Without an answer nothing is remarked: sending checks again. */
export function useWording(ticket: () => string, occasion: () => Occasion | null, text: () => string): { remarks: Ref<Remark[]> } {
  const remarks = ref<Remark[]>([]);
  let checked = "";
  let asked = 0;

  async function check(): Promise<void> {
    const [wanted, about] = [text(), occasion()];
    const mine = (asked += 1);
    if (about === null || wanted.trim() === "") {
      remarks.value = [];
      return;
    }
    try {
      const report = await ask(
        api.POST("/api/v1/tickets/{id}/wording", {
          params: { path: { id: ticket() } },
          body: { step: about.step, beside: about.beside, text: wanted },
        }),
      );
      if (mine !== asked) return;
      checked = text();
      remarks.value = moved(report.remarks, wanted, checked);
    } catch {
      if (mine === asked) remarks.value = [];
    }
  }

  watch(
    [text, () => JSON.stringify(occasion())],
    ([now], _before, onCleanup) => {
      remarks.value = now.trim() === "" ? [] : moved(remarks.value, checked, now);
      checked = now;
      const timer = setTimeout(() => void check(), PAUSE_MS);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true },
  );
  return { remarks };
}
