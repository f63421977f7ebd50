// The list's address as the question that it puts to the API.
import type { Schemas } from "@/api/client";
import type { Query } from "@/shell/route";

export type Project = Schemas["ProjectRead"];

/** Parts of the address, and the parameters that they are. */
const FILTERS = {
  search: "search",
  unit: "unit_id",
  competent: "competent_unit_id",
  nature: "nature",
  level: "key_levels",
  program: "programs",
  overdue: "overdue",
} as const;
export type Filter = keyof typeof FILTERS;
export const FILTER_NAMES = Object.keys(FILTERS) as Filter[];

/** Filters and order that an address has, in one way of writing. */
export function questionOf(query: Query): string {
  const parts = [...FILTER_NAMES, "order"].flatMap((name) => (query[name] ? [[name, query[name]]] : []));
  return new URLSearchParams(parts).toString();
}

/** The parameters of a question. */
export function parametersOf(question: string): Record<string, string> {
  const said = new URLSearchParams(question);
  const filters = FILTER_NAMES.map((name) => [FILTERS[name], said.get(name)?.trim()]);
  return Object.fromEntries([...filters, ["order", said.get("order")]].filter(([, value]) => value));
}
