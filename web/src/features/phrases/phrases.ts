/** The library of standard phrases, as the server keeps it. */
import type { components } from "@/api/schema";

type S = components["schemas"];
export type Phrase = S["PhraseDetail"];
export type FilledPhrase = S["FilledPhraseDetail"];
export type MessageStep = S["MessageStep"];

/** The steps in the order of a ticket's life. */
export const STEPS: MessageStep[] = [
  "reply",
  "acknowledgement",
  "detailed-reply",
  "full-answer",
  "progress",
  "contact",
  "dispatch",
  "solve",
  "propose-solution",
  "carry-out",
  "refusal",
  "exception",
  "remedy",
  "call-back",
  "close",
];
