// Versions of a record beside each other: what one changed of the one before.
import type { Schemas } from "@/api/client";

const MARKS = ["office", "version", "recorded_at", "recorded_by", "recorded_for", "why", "superseded_at", "reported_by", "reported_at", "void"];

/** A version as the registry keeps it, with the columns of its kind. */
export interface RecordVersion {
  version: number;
  recorded_at: string;
  recorded_by: string;
  why: string;
  void?: Schemas["VoidMark"] | null;
}

/** Whether a property of a record is about its recording, not of its kind. */
export function isMark(name: string): boolean {
  return MARKS.includes(name);
}

interface Correction {
  version: RecordVersion;
  isFirst: boolean;
  changes: { column: string; was: unknown; is: unknown }[];
}

/** The steps of a history, whose latest version comes first. */
export function correctionsOf(versions: readonly RecordVersion[]): Correction[] {
  return versions.map((version, index) => {
    const [after, before] = [version, versions[index + 1]] as unknown as [Record<string, unknown>, Record<string, unknown> | undefined];
    const columns = before ? Object.keys(after).filter((name) => !isMark(name) && JSON.stringify(after[name]) !== JSON.stringify(before[name])) : [];
    return { version, isFirst: !before, changes: columns.map((column) => ({ column, was: before?.[column], is: after[column] })) };
  });
}
