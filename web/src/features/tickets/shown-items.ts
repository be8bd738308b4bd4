/** The timeline of a ticket as the shared list shows it. */
import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";

import type { TicketDetail, TimelineItem } from "@/api/types";
import { usePeople } from "@/features/people/people";
import { stepWords } from "@/ui/domain-words";
import type { ShownItem } from "@/ui/TimelineList.vue";

const SIDE = { customer: "customer", member: "company", system: "system" } as const;

export function useShownItems(ticket: () => TicketDetail | null): ComputedRef<ShownItem[]> {
  const { t, locale } = useI18n();
  const { teamName } = usePeople();

  function titleOf(item: TimelineItem) {
    const key = item.clock;
    const clock = ticket()?.clocks.find(
      ({ key: other }) =>
        key && other.promise === key.promise && other.commitment === key.commitment && other.round === key.round,
    );
    return clock?.title ?? { zh: key?.promise ?? "", en: key?.promise ?? "" };
  }

  function alarmOf(item: TimelineItem): ShownItem["alarm"] {
    if (item.event !== "alarm-fired" || !item.step) return null;
    const late = Date.parse(item.noticed_at ?? item.at) - Date.parse(item.planned_at ?? item.at);
    const step = stepWords({ step: item.step, percent: item.percent ?? null, after_ms: item.after_ms ?? null });
    return { title: titleOf(item), step, lateMs: late };
  }

  function whoOf(item: TimelineItem): string {
    const { kind, name, role } = item.actor;
    if (!name) return t(`actor.${kind}`);
    return role ? `${name} · ${t(`role.${role}`)}` : name;
  }

  return computed(() => {
    void locale.value;
    // What was made of the text has a box of its own.
    const told = (ticket()?.timeline ?? []).filter((item) => item.event !== "assessed");
    return told.map((item) => ({
      ...item,
      side: SIDE[item.actor.kind],
      who: whoOf(item),
      team: item.team ? teamName(item.team) : null,
      alarm: alarmOf(item),
    }));
  });
}
