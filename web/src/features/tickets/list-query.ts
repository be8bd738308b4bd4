/** What the ticket list shows, kept in the address so that it can be linked and survives a reload. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import type { operations } from "@/api/schema";
import type { Channel, Kind, Stage } from "@/api/types";

export type TicketQuery = NonNullable<operations["list_tickets"]["parameters"]["query"]>;
export type State = "open" | "closed" | "any";
export type Owner = "mine" | "team" | "everyone";

export interface ListFilter {
  owner: Owner;
  state: State;
  kinds: Kind[];
  stages: Stage[];
  channels: Channel[];
  team: string;
  member: string;
  unassigned: boolean;
  overdue: boolean;
  triage: boolean;
  number: string;
  from: string;
  to: string;
}

export const KINDS: Kind[] = ["consultation", "repair", "complaint", "suggestion", "praise"];
export const CHANNELS: Channel[] = ["web", "chat", "app", "phone", "email", "api"];
export const STAGES: Stage[] = [
  "unassigned",
  "waiting",
  "in-progress",
  "waiting-for-customer",
  "on-site",
  "solution-proposed",
  "carrying-out",
  "settled",
  "closed",
];

export function emptyFilter(owner: Owner): ListFilter {
  return {
    owner,
    state: "open",
    kinds: [],
    stages: [],
    channels: [],
    team: "",
    member: "",
    unassigned: false,
    overdue: false,
    triage: false,
    number: "",
    from: "",
    to: "",
  };
}

const one = (query: LocationQuery, name: string): string => {
  const value = query[name];
  return typeof value === "string" ? value : "";
};
const many = <T extends string>(query: LocationQuery, name: string, known: T[]): T[] => {
  const words = one(query, name).split(",");
  return known.filter((word) => words.includes(word));
};

export function filterFrom(query: LocationQuery, fallback: Owner): ListFilter {
  const owner = one(query, "owner");
  const state = one(query, "state");
  return {
    owner: owner === "mine" || owner === "team" || owner === "everyone" ? owner : fallback,
    state: state === "closed" || state === "any" ? state : "open",
    kinds: many(query, "kind", KINDS),
    stages: many(query, "stage", STAGES),
    channels: many(query, "channel", CHANNELS),
    team: one(query, "team"),
    member: one(query, "member"),
    unassigned: one(query, "unassigned") === "true",
    overdue: one(query, "overdue") === "true",
    triage: one(query, "triage") === "wanted",
    number: one(query, "number"),
    from: one(query, "from"),
    to: one(query, "to"),
  };
}

export function addressOf(filter: ListFilter): LocationQueryRaw {
  const query: LocationQueryRaw = { owner: filter.owner };
  if (filter.state !== "open") query["state"] = filter.state;
  if (filter.kinds.length > 0) query["kind"] = filter.kinds.join(",");
  if (filter.stages.length > 0) query["stage"] = filter.stages.join(",");
  if (filter.channels.length > 0) query["channel"] = filter.channels.join(",");
  if (filter.team) query["team"] = filter.team;
  if (filter.member) query["member"] = filter.member;
  if (filter.unassigned) query["unassigned"] = "true";
  if (filter.overdue) query["overdue"] = "true";
  if (filter.triage) query["triage"] = "wanted";
  if (filter.number) query["number"] = filter.number;
  if (filter.from) query["from"] = filter.from;
  if (filter.to) query["to"] = filter.to;
  return query;
}

export function requestOf(filter: ListFilter, ownTeam: string | null | undefined, limit: number): TicketQuery {
  const query: TicketQuery = { state: filter.state, limit };
  if (filter.owner === "mine" && !filter.member) query.member = "me";
  if (filter.owner === "team" && ownTeam && !filter.team) query.team = ownTeam;
  if (filter.member) query.member = filter.member;
  if (filter.team) query.team = filter.team;
  if (filter.kinds.length > 0) query.kind = filter.kinds.join(",");
  if (filter.stages.length > 0) query.stage = filter.stages.join(",");
  if (filter.channels.length > 0) query.channel = filter.channels.join(",");
  if (filter.unassigned) query.unassigned = true;
  if (filter.overdue) query.overdue = true;
  if (filter.triage) query.triage = "wanted";
  if (filter.number) query.number = filter.number;
  if (filter.from) query.from = filter.from;
  if (filter.to) query.to = filter.to;
  return query;
}
