// The runs that a page chooses from: the latest, and that of its address where the list does not reach it.
import { computed } from "vue";

import { useAnswer } from "@/api/answer";
import { client } from "@/api/client";

/** `asked` is the number of a run as the address says it; one that is not there is a problem. */
export function useRuns(asked: () => string | undefined) {
  const id = computed(asked);
  const latest = useAnswer(() => client.GET("/scoring/v1/runs", { params: { query: { order: "latest", limit: 200 } } }));
  const listed = computed(() => latest.data.value?.items);
  const isAway = computed(() => Boolean(listed.value && id.value && !listed.value.some((run) => String(run.id) === id.value)));
  const older = useAnswer(() => (isAway.value ? client.GET("/scoring/v1/runs/{run_id}", { params: { path: { run_id: Number(id.value) } } }) : null));
  return {
    listed,
    all: computed(() => [...(listed.value ?? []), ...(older.data.value ? [older.data.value] : [])]),
    problem: computed(() => latest.problem.value ?? older.problem.value),
    isMissing: computed(() => isAway.value && older.problem.value !== undefined),
    isWaiting: computed(() => latest.isWaiting.value || older.isWaiting.value),
    reload: latest.reload,
  };
}
