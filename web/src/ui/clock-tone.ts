/** The colour of a running clock by the share of its way that is left: calm, near (half), close (a fifth), late. */
export type ClockTone = "calm" | "near" | "close" | "late" | "still";

export function toneOf(startedAt: string, dueAt: string | null | undefined, nowMs: number): ClockTone {
  if (!dueAt) return "still";
  const due = Date.parse(dueAt);
  if (nowMs > due) return "late";
  const whole = due - Date.parse(startedAt);
  if (whole <= 0) return "close";
  const left = (due - nowMs) / whole;
  if (left > 0.5) return "calm";
  return left > 0.2 ? "near" : "close";
}
