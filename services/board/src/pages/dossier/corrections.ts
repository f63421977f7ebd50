// Versions of a record beside each other: what one changed of the one before.
const MARKS = ["office", "version", "recorded_at", "recorded_by", "recorded_for", "reported_by", "reported_at", "why", "superseded_at"];

/** A version as the registry keeps it, with the columns of its kind. */
export interface RecordVersion {
  version: number;
  recorded_at: string;
  recorded_by: string;
  why: string;
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
    const columns = before ? Object.keys(after).filter((name) => !MARKS.includes(name) && JSON.stringify(after[name]) !== JSON.stringify(before[name])) : [];
    return { version, isFirst: !before, changes: columns.map((column) => ({ column, was: before?.[column], is: after[column] })) };
  });
}
