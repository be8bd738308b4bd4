/**
 * What somebody has typed into the form of a command. Kept for the life of the page by ticket and command, so that neither a
 * refresh nor a refusal nor somebody else's change loses it.
 */
import { reactive } from "vue";

import type { components } from "@/api/schema";
import type { Command, CommandKind, Facets, Give, Grade, Mark, Rating, TicketDetail } from "@/api/types";

type S = components["schemas"];
/** `reveal` is no form of the panel: it stands beside what it shows. The last two are the customer's alone. */
export type PersonCommand = Exclude<CommandKind, "tick" | "reveal" | "give-answer" | "judge-answer" | "ask-for-person">;

export interface Draft {
  body: string;
  why: string;
  note: string;
  evidence: string;
  alternative: string;
  facets: Facets;
  team: string;
  member: string;
  rings: number;
  form: S["Form"];
  purpose: S["Purpose"];
  contents: S["Content"][];
  toldMark: Mark | "";
  toldBy: string;
  remote: boolean;
  carryOutBy: string;
  meetsStandard: boolean;
  major: boolean;
  pause: S["PauseReason"];
  word: number | null;
  outcome: S["Outcome"];
  term: string;
  of: string;
  reopen: S["ReopenReason"];
  grade: Grade;
  gives: Give[];
  /** By question; 0 is no rating. */
  ratings: Record<string, number>;
  comment: string;
  costYuan: number;
  name: string;
  phone: string;
  email: string;
  address: string;
  /** The article that the message was made from. */
  article: { id: string; version: number } | null;
  /** Why the message is sent although the check of wording blocks it. */
  overrideReason: string;
}

/** Text fields of each command, by the draft's name, and what else its form asks for. */
export type Field = keyof Draft | "contact" | "told" | "assignee" | "scope" | "duplicate";
export const FIELDS: Record<PersonCommand, Field[]> = {
  classify: ["facets", "why"],
  "confirm-classification": [],
  assign: ["assignee"],
  take: [],
  "pick-up": ["rings"],
  "end-call": [],
  "tell-lookup": [],
  reply: ["purpose", "body", "contents", "told", "form"],
  "record-words": ["body"],
  note: ["body"],
  contact: ["body", "contents"],
  dispatch: ["body"],
  arrive: [],
  solve: ["body", "remote"],
  "start-investigation": ["body"],
  verify: ["body"],
  "propose-solution": ["body", "carryOutBy", "form", "meetsStandard"],
  "accept-solution": [],
  "reject-solution": ["body"],
  "carry-out": ["body"],
  confirm: [],
  pause: ["note"],
  resume: ["pause"],
  "grant-exception": ["evidence", "word", "alternative"],
  "lift-exception": [],
  "call-mediation": ["body"],
  "conclude-mediation": ["body", "costYuan"],
  "report-loss": ["body", "major"],
  "find-concealment": ["body"],
  close: ["outcome", "scope", "duplicate", "note"],
  reopen: ["reopen", "body"],
  "answer-survey": ["ratings", "comment"],
  "call-back": ["body"],
  "propose-remedy": ["grade", "body", "form", "gives"],
  "approve-remedy": ["grade"],
  "deliver-remedy": ["grade", "note"],
  "confirm-remedy": ["grade"],
  "correct-customer": ["contact", "why"],
};

/** Label of the main text of each command, where it has one of its own. */
export const BODY_LABEL: Partial<Record<PersonCommand, string>> = {
  reply: "replyBody",
  dispatch: "dispatch",
  solve: "done",
  "start-investigation": "investigation",
  verify: "findings",
  "propose-solution": "solution",
  "reject-solution": "reason",
  "carry-out": "done",
  "call-mediation": "mediator",
  "conclude-mediation": "mediationOutcome",
  "report-loss": "loss",
  "find-concealment": "concealment",
  "call-back": "callBack",
  "propose-remedy": "notice",
};

const drafts = reactive(new Map<string, Draft>());
const keyOf = (ticket: TicketDetail, command: PersonCommand) => `${ticket.id} ${command}`;

export function draftOf(ticket: TicketDetail, command: PersonCommand): Draft {
  const key = keyOf(ticket, command);
  if (!drafts.has(key)) drafts.set(key, blank(ticket));
  return drafts.get(key) as Draft;
}

export function dropDraft(ticket: TicketDetail, command: PersonCommand): void {
  drafts.delete(keyOf(ticket, command));
}

/** What has been said in the round that goes on now. */
export function thisRound(ticket: TicketDetail): TicketDetail["timeline"] {
  const start = ticket.timeline.findLastIndex((item) => item.event === "reopened");
  return start < 0 ? ticket.timeline : ticket.timeline.slice(start);
}

function likelyPurpose(ticket: TicketDetail): S["Purpose"] {
  const sent = (purpose: S["Purpose"]) => thisRound(ticket).some((item) => item.purpose === purpose);
  if (ticket.kind === "complaint") return sent("acknowledgement") ? "progress" : "acknowledgement";
  if (ticket.kind === "consultation") return sent("full-answer") ? "reply" : "full-answer";
  return "reply";
}

function blank(ticket: TicketDetail): Draft {
  const customer = ticket.customer;
  const breach = ticket.breaches.findLast((found) => found.round === ticket.round);
  return {
    body: "",
    why: "",
    note: "",
    evidence: "",
    alternative: "",
    facets: { ...ticket.facets },
    team: ticket.owner?.team ?? "",
    member: ticket.owner?.member?.id ?? "",
    rings: 1,
    form: "written",
    purpose: likelyPurpose(ticket),
    contents: [],
    toldMark: "",
    toldBy: "",
    remote: false,
    carryOutBy: "",
    meetsStandard: true,
    major: false,
    pause: ticket.pauses.find((pause) => !pause.ground)?.reason ?? "waiting-for-customer",
    word: null,
    outcome: "settled",
    term: "",
    of: "",
    reopen: ticket.kind === "complaint" ? "second-complaint" : "recurrence",
    grade: breach?.grade ?? ticket.remedies.at(-1)?.grade ?? "minor",
    gives: [],
    ratings: Object.fromEntries((ticket.survey?.questions ?? []).map((question) => [question, 0])),
    comment: "",
    costYuan: 0,
    name: customer.name ?? "",
    phone: customer.phone ?? "",
    email: customer.email ?? "",
    address: customer.address ?? "",
    article: null,
    overrideReason: "",
  };
}

/** Local date and time of a form field as an instant; none if it is empty. */
function instant(local: string): string | null {
  const date = new Date(local);
  return local === "" || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The request of a filled-in form: a table, one arm per command. What is missing is sent as missing: the server names the rule that wants it. */
export function commandOf(command: PersonCommand, draft: Draft, ticket: TicketDetail): Command {
  const expected_version = ticket.version;
  const { body, note, grade, form } = draft;
  const override_reason = draft.overrideReason.trim() || null;
  switch (command) {
    case "classify":
      return { command, expected_version, facets: { ...draft.facets, topic: draft.facets.topic || null }, why: draft.why };
    case "assign":
      return { command, expected_version, team: draft.team, member: draft.member || null };
    case "pick-up":
      return { command, expected_version, rings: draft.rings };
    case "reply": {
      const by = instant(draft.toldBy);
      const told = draft.toldMark !== "" && by !== null ? { mark: draft.toldMark, by } : null;
      return {
        command,
        expected_version,
        body,
        form,
        purpose: draft.purpose,
        contents: draft.contents,
        told,
        article: draft.article,
        override_reason,
      };
    }
    case "contact":
      return { command, expected_version, body, contents: draft.contents, override_reason };
    case "solve":
      return { command, expected_version, body, remote: draft.remote, override_reason };
    case "verify":
      return { command, expected_version, findings: body };
    case "propose-solution":
      return {
        command,
        expected_version,
        body,
        form,
        carry_out_by: instant(draft.carryOutBy),
        meets_standard: draft.meetsStandard,
        override_reason,
      };
    case "reject-solution":
      return { command, expected_version, reason: body };
    case "pause":
      return { command, expected_version, reason: "waiting-for-customer", note };
    case "resume":
      return { command, expected_version, reason: draft.pause };
    case "grant-exception":
      return {
        command,
        expected_version,
        ground: "force-majeure",
        evidence: draft.evidence,
        word: draft.word,
        alternative: draft.alternative,
        override_reason,
      };
    case "lift-exception":
      return { command, expected_version, ground: "force-majeure" };
    case "call-mediation":
      return { command, expected_version, mediator: body };
    case "conclude-mediation":
      return { command, expected_version, outcome: body, cost_fen: Math.round(draft.costYuan * 100) };
    case "report-loss":
      return { command, expected_version, body, major: draft.major };
    case "close":
      return closing(draft, ticket);
    case "reopen":
      return { command, expected_version, reason: draft.reopen, body };
    case "answer-survey":
      return { command, expected_version, ratings: given(draft, ticket), comment: draft.comment };
    case "propose-remedy":
      return { command, expected_version, grade, notice: body, form, gives: draft.gives, override_reason };
    case "deliver-remedy":
      return { command, expected_version, grade, note };
    case "approve-remedy":
    case "confirm-remedy":
      return { command, expected_version, grade };
    case "correct-customer":
      return {
        command,
        expected_version,
        customer: {
          name: draft.name || null,
          phone: draft.phone || null,
          email: draft.email || null,
          address: draft.address || null,
        },
        why: draft.why,
      };
    case "record-words":
    case "note":
    case "start-investigation":
    case "find-concealment":
    case "call-back":
      return { command, expected_version, body };
    case "dispatch":
    case "carry-out":
      return { command, expected_version, body, override_reason };
    case "take":
    case "confirm-classification":
    case "end-call":
    case "tell-lookup":
    case "arrive":
    case "accept-solution":
    case "confirm":
      return { command, expected_version };
  }
}

/** What the customer rated; questions left open are not sent. */
function given(draft: Draft, ticket: TicketDetail): Rating[] {
  const ratings = (ticket.survey?.questions ?? []).map((question) => ({ question, rating: draft.ratings[question] ?? 0 }));
  return ratings.filter(({ rating }) => rating > 0);
}

function closing(draft: Draft, ticket: TicketDetail): Command {
  const [commitment, term] = draft.term.split("\u0000");
  const scope = draft.outcome === "out-of-scope" ? { commitment: commitment || null, term: term || null } : {};
  const of = draft.outcome === "duplicate" ? { of: draft.of.trim() || null } : {};
  return {
    command: "close",
    expected_version: ticket.version,
    outcome: draft.outcome,
    note: draft.note,
    override_reason: draft.overrideReason.trim() || null,
    ...scope,
    ...of,
  };
}
