// Overall lights of the latest run, joined to the list by the projects' ids.
import { computed, watch, type ComputedRef } from "vue";

import { useAnswer } from "@/api/answer";
import { client, type Schemas } from "@/api/client";
import { usePages } from "@/api/pages";

type Light = Schemas["RunLightRead"];

export interface Lights {
  run: ComputedRef<Schemas["RunRead"] | undefined>; // undefined while none is there, or none may be seen
  of: (projectId: string) => Light | undefined;
}

/** Lights of all projects of the latest run that the caller may see, while they are wanted. */
export function useLights(areWanted: () => boolean): Lights {
  const runs = useAnswer(() =>
    areWanted() ? client.GET("/scoring/v1/runs", { params: { query: { order: "latest", limit: 1 } } }) : null,
  );
  const run = computed(() => runs.data.value?.items[0]);
  const list = usePages<Light, Schemas["RunLightPage"]>((after) =>
    run.value
      ? client.GET("/scoring/v1/runs/{run_id}/lights", {
          params: { path: { run_id: run.value.id }, query: { after, limit: 200 } },
        })
      : null,
  );
  watch(list.items, () => void list.loadMore());
  const lights = computed(() => new Map(list.items.value.map((light) => [light.project_id, light])));
  return { run, of: (id) => lights.value.get(id) };
}
