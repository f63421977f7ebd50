// Names of the units that projects name by their ids.
import { computed, watch, type ComputedRef } from "vue";

import { client, type Schemas } from "@/api/client";
import { usePages } from "@/api/pages";

type Unit = Schemas["UnitRead"];

export interface Units {
  all: ComputedRef<readonly Unit[]>; // by name
  nameOf: (id: string | null | undefined) => string;
}

/** All units of the caller's office. */
export function useUnits(): Units {
  const list = usePages<Unit, Schemas["UnitPage"]>((after) =>
    client.GET("/registry/v1/units", { params: { query: { after, order: "name", limit: 200 } } }),
  );
  watch(list.items, () => void list.loadMore());
  const names = computed(() => new Map(list.items.value.map((unit) => [unit.unit_id, unit.name])));
  return {
    all: computed(() => list.items.value),
    nameOf: (id) => (id ? (names.value.get(id) ?? id) : ""),
  };
}
