// Runs as people choose them: named by their day and scheme, compared with the one before.
import type { Schemas } from "@/api/client";
import { label } from "@/api/labels";
import { signedIn } from "@/session/token";
import { civilDate } from "@/text/dates";
import { t } from "@/text/language";

export type Run = Schemas["RunRead"];
export type Ranking = Schemas["RankingRead"];
export type Group = Schemas["RankedGroup"];
export type Unit = Schemas["RankedUnit"];
export type Pillar = Group["pillars"][number];
export type Metric = Group["metrics"][number];
export type Moved = Schemas["MovedUnit"];

/** How far a run is, in a word; while it is open for comment, until when. */
export function runState(run: Run): string {
  const word = label("RunState", run.state);
  return run.state === "open_for_comment" ? t(`${word}至${civilDate(run.comment_until_on)}`, `${word} until ${civilDate(run.comment_until_on)}`) : word;
}

/** The name of a run: its day, what it was scored by, and whether it is out. */
export function runName(run: Run): string {
  const state = runState(run);
  return t(
    `截至${civilDate(run.as_of)} · ${run.scheme_name} · ${state}（第${run.id}次）`,
    `as of ${civilDate(run.as_of)} · ${run.scheme_name} · ${state} (no. ${run.id})`,
  );
}

/** The run that stands in the address, else the latest. */
export function chosenRun(runs: readonly Run[], id: string | undefined): Run | undefined {
  return runs.find((run) => String(run.id) === id) ?? (id ? undefined : runs[0]);
}

/** Runs with which one can be compared: of the same office or region; the nearest before comes first. */
export function comparable(runs: readonly Run[], run: Run): Run[] {
  const others = runs.filter((other) => other.id !== run.id && other.office === run.office && other.region === run.region);
  const isBefore = (other: Run) => other.scheme_id === run.scheme_id && other.as_of < run.as_of;
  return [...others.filter(isBefore), ...others.filter((other) => !isBefore(other))];
}

/** The run before of the same scheme; none where there is none. */
export function runBefore(runs: readonly Run[], run: Run): Run | undefined {
  const [nearest] = comparable(runs, run);
  return nearest && nearest.scheme_id === run.scheme_id && nearest.as_of < run.as_of ? nearest : undefined;
}

/** Whether this person is told that the ledger changed after a run: those who answer for it, not those whom it ranks. */
export function mayKnowStale(): boolean {
  return ["office", "inspector", "leader"].includes(signedIn.value?.role ?? "");
}

/** The latest run of the same scheme that was begun after this one; none where this is it. */
export function laterRun(runs: readonly Run[], run: Run): Run | undefined {
  return runs.find((other) => isSameQuestion(other, run) && other.id > run.id && other.as_of >= run.as_of);
}

function isSameQuestion(one: Run, other: Run): boolean {
  return one.scheme_id === other.scheme_id && one.office === other.office && one.region === other.region && one.campaign_id === other.campaign_id;
}

/** The metrics of a pillar, in the order of the scheme. */
export function metricsOf(group: Group, pillar: string): Metric[] {
  return group.metrics.filter((metric) => metric.pillar === pillar);
}

/** The name in the language of the page. */
export function nameOf(item: { zh: string; en?: string | null }): string {
  return t(item.zh, item.en || item.zh);
}
