// The columns of a ranking: their address, and in which order they put the units.
import type { Group, Unit } from "@/parts/runs";

export type Column = `pillar:${string}` | `metric:${string}` | "rank" | "total";

/** The rank of a unit by a column; what is not ranked comes last. */
function rankBy(unit: Unit, column: string): number {
  const [kind, id = ""] = column.split(":");
  const rank = kind === "pillar" ? unit.pillars[id]?.rank : kind === "metric" ? unit.metrics[id]?.rank : unit.rank;
  return rank ?? Number.MAX_SAFE_INTEGER;
}

/** The units in the order of a column; equal ones stay as they are ranked. */
export function inOrder(group: Group, column: string, isReversed: boolean): Unit[] {
  const sorted = [...group.units].sort((one, other) => (rankBy(one, column) < rankBy(other, column) ? -1 : rankBy(one, column) > rankBy(other, column) ? 1 : 0));
  return isReversed ? sorted.reverse() : sorted;
}

/** Pillars that are open in an address. */
export function openPillars(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean);
}
