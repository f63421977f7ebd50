// Overall lights of the latest run, joined to the rows that are looked at by the projects' ids.
import { computed, ref, watch, type ComputedRef } from "vue";

import { useAnswer } from "@/api/answer";
import { client, read, type Schemas } from "@/api/client";

type Colour = Schemas["Colour"];

export interface Lights {
  run: ComputedRef<Schemas["RunRead"] | undefined>; // undefined while none is there, or none may be seen
  of: (projectId: string) => Colour | undefined;
}

const ASKED = 100; // ids of one question

/** Lights of the projects whose ids are wanted, the first of them first; none while none are. */
export function useLights(wanted: () => readonly string[]): Lights {
  const areWanted = computed(() => wanted().length > 0);
  const runs = useAnswer(() =>
    areWanted.value ? client.GET("/scoring/v1/runs", { params: { query: { order: "latest", limit: 1 } } }) : null,
  );
  const run = computed(() => runs.data.value?.items[0]);
  const known = new Map<string, Colour | undefined>(); // also of those that have none
  const turn = ref(0);
  let isAsking = false;

  const missing = () => wanted().filter((id) => !known.has(id)).slice(0, ASKED);

  async function ask(run_id: number): Promise<void> {
    isAsking = true;
    try {
      for (let ids = missing(); ids.length; ids = missing()) {
        const params = { path: { run_id }, query: { project_id: ids, limit: ASKED } };
        const { items } = await read(client.GET("/scoring/v1/runs/{run_id}/lights", { params }));
        for (const id of ids) known.set(id, undefined);
        for (const light of items) known.set(light.project_id, light.overall);
        turn.value++;
      }
    } catch {
      // The list is whole without its lights; they are asked for again with the next rows.
    }
    isAsking = false;
  }

  watch([run, wanted], ([latest]) => {
    if (latest && !isAsking) void ask(latest.id);
  });
  return { run, of: (id) => (turn.value >= 0 ? known.get(id) : undefined) };
}
