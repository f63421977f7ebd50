// What the sections of a dossier share.
import type { Schemas } from "@/api/client";
import { dropZeros, UNKNOWN } from "@/text/figures";

export type Card = Schemas["ProjectCard"];

/** Whether a date of it was to be met before today and is not, as the office's own list has it. */
export function isOverdue(project: Card, { kind, planned_on, actual_on }: Card["milestones"][number]): boolean {
  return !isTerminated(project) && kind !== "terminated" && !actual_on && (planned_on ?? "9") < project.today;
}

/** Whether it is terminated: nothing of it is overdue any more. */
export function isTerminated(project: Card): boolean {
  return project.milestones.some(({ kind, actual_on }) => kind === "terminated" && actual_on !== null);
}

/** A percentage as the registry keeps it (`50.0000`): 50%. */
export function percentage(text: string | null | undefined): string {
  return text === null || text === undefined ? UNKNOWN : `${dropZeros(text)}%`;
}
