/** What the figures are about, kept in the address. Days are the reader's own; the server gets instants. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import type { components, operations } from "@/api/schema";
import type { Kind } from "@/api/types";
import { KINDS } from "@/features/tickets/list-query";

export type FiguresRequest = NonNullable<operations["show_figures"]["parameters"]["query"]>;
export type Dimension = components["schemas"]["Dimension"];

export const PERIODS = ["7", "30", "90", "all"] as const;
export type Period = (typeof PERIODS)[number];
export const DIMENSIONS: Dimension[] = ["kind", "channel", "team", "member", "topic", "month"];

export interface FiguresFilter {
  period: Period | "days";
  /** Dates as `2026-11-21`, for `days`; the last one is meant whole. */
  from: string;
  to: string;
  kind: Kind | "";
  team: string;
  commitment: string;
  promise: string;
  group: Dimension | "";
}

const DAY_MS = 86_400_000;
const BEFORE_EVERYTHING = "2000-01-01T00:00:00Z";
const one = (query: LocationQuery, name: string): string => {
  const value = query[name];
  return typeof value === "string" ? value : "";
};

export function filterFrom(query: LocationQuery): FiguresFilter {
  const period = PERIODS.find((known) => known === one(query, "period"));
  const days = one(query, "from") !== "" || one(query, "to") !== "";
  return {
    period: days ? "days" : (period ?? "30"),
    from: one(query, "from"),
    to: one(query, "to"),
    kind: KINDS.find((kind) => kind === one(query, "kind")) ?? "",
    team: one(query, "team"),
    commitment: one(query, "commitment"),
    promise: one(query, "promise"),
    group: DIMENSIONS.find((dimension) => dimension === one(query, "group")) ?? "",
  };
}

export function addressOf(filter: FiguresFilter): LocationQueryRaw {
  const query: LocationQueryRaw = {};
  if (filter.period === "days") {
    if (filter.from) query["from"] = filter.from;
    if (filter.to) query["to"] = filter.to;
  } else if (filter.period !== "30") query["period"] = filter.period;
  for (const name of ["kind", "team", "commitment", "promise", "group"] as const) {
    if (filter[name]) query[name] = filter[name];
  }
  return query;
}

/** The stretch as instants; an open end is left to the server. */
export function stretch(filter: FiguresFilter, nowMs: number): { from?: string; to?: string } {
  if (filter.period === "all") return { from: BEFORE_EVERYTHING };
  if (filter.period !== "days") {
    return { from: new Date(nowMs - Number(filter.period) * DAY_MS).toISOString() };
  }
  const midnight = (date: string, plusDays: number) => {
    const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
    return new Date(year, month - 1, day + plusDays).toISOString();
  };
  return {
    ...(filter.from ? { from: midnight(filter.from, 0) } : { from: BEFORE_EVERYTHING }),
    ...(filter.to ? { to: midnight(filter.to, 1) } : {}),
  };
}

export function requestOf(filter: FiguresFilter, nowMs: number): FiguresRequest {
  const query: FiguresRequest = { ...stretch(filter, nowMs), limit: 50 };
  if (filter.kind) query.kind = filter.kind;
  if (filter.team) query.team = filter.team;
  if (filter.commitment) query.commitment = filter.commitment;
  if (filter.promise) query.promise = filter.promise;
  if (filter.group) query.group = filter.group;
  return query;
}
