// Names of units: accounts and invitations say a unit by its id.
import { useAnswer } from "@/api/answer";
import { client } from "@/api/client";

const MOST = 200; // an office has some dozens

export function useUnitNames() {
  const units = useAnswer(() => client.GET("/registry/v1/units", { params: { query: { order: "name", limit: MOST } } }));
  const unitName = (id: string) => units.data.value?.items.find((unit) => unit.unit_id === id)?.name ?? id;
  return { units, unitName };
}
