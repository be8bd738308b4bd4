/** People and teams: read once, read again when the feed says that the organisation changed. */
import { computed, ref, shallowRef } from "vue";
import { useI18n } from "vue-i18n";

import { api, ask } from "@/api/client";
import { useFeed } from "@/api/feed";
import { asProblem, type Problem } from "@/api/problem";
import type { Person, Team } from "@/api/types";
import { inLanguage } from "@/shell/i18n";

const people = shallowRef<Person[]>([]);
const teams = shallowRef<Team[]>([]);
const problem = ref<Problem | null>(null);
let reading: Promise<void> | undefined;

async function read(): Promise<void> {
  try {
    const [foundPeople, foundTeams] = await Promise.all([
      ask(api.GET("/api/v1/people")),
      ask(api.GET("/api/v1/teams")),
    ]);
    people.value = foundPeople.people;
    teams.value = foundTeams.teams;
    problem.value = null;
  } catch (caught) {
    problem.value = asProblem(caught);
    reading = undefined;
  }
}

export function usePeople() {
  const { locale } = useI18n();
  reading ??= read();
  useFeed((change) => {
    if (change === null || !change.ticket) reading = read();
  });
  const byTeam = computed(() => new Map(teams.value.map((team) => [team.id, team])));
  const byId = computed(() => new Map(people.value.map((person) => [person.id, person])));
  const teamName = (id: string) => {
    void locale.value;
    const team = byTeam.value.get(id);
    return team ? inLanguage(team.name) : id;
  };
  const memberName = (id: string) => byId.value.get(id)?.name ?? id;
  const activeOf = (team: string) => people.value.filter((person) => person.active && person.team === team);
  return { people, teams, problem, teamName, memberName, activeOf, reload: () => (reading = read()) };
}
