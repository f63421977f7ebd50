// Weights of a scheme as they are tried: their paths, names, and their place in an address.
import type { Schemas } from "@/api/client";
import { nameOf, type Ranking } from "@/parts/runs";

export interface Weight {
  path: string; // as the API changes it: `pillars.speed.weight`
  name: string;
  now: string; // in the scheme
}

interface PillarWeights extends Weight {
  items: Weight[]; // shares of the pillar's weight
}

/** The weights of a scheme, with the names that the ranking has for them. */
export function weightsOf(scheme: Schemas["SchemeRead"], ranking: Ranking): PillarWeights[] {
  const document = scheme.document as { pillars: { id: string; zh: string; weight: string; metrics: { id: string; weight: string }[] }[] };
  const names = new Map(ranking.groups.flatMap((group) => group.metrics.map((metric) => [metric.id, nameOf(metric)])));
  return document.pillars.map((pillar) => ({
    path: `pillars.${pillar.id}.weight`,
    name: pillar.zh,
    now: pillar.weight,
    items: pillar.metrics.map((metric) => ({
      path: `pillars.${pillar.id}.metrics.${metric.id}.weight`,
      name: names.get(metric.id) ?? metric.id,
      now: metric.weight,
    })),
  }));
}

/** The weights that are tried, by path, from the text of an address: `pillars.speed.weight:30,…`. */
export function readTried(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").filter(Boolean).map((pair) => pair.split(":"));
  return Object.fromEntries(pairs.map(([path = "", value = ""]) => [path, value]));
}

/** The same as a text. */
export function writeTried(tried: Record<string, string>): string {
  return Object.entries(tried).map(([path, value]) => `${path}:${value}`).join(",");
}
