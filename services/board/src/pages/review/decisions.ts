// What is done with reports: one is decided by itself, many one by one in a request.
import { client, newIdempotencyKey, read, type Schemas } from "@/api/client";
import { tellDecided, type Report } from "@/parts/reports";

export type Decisions = Schemas["DecisionRead"][];

const MOST = 100; // decisions of one request
const key = () => ({ "Idempotency-Key": newIdempotencyKey() });

/** Accept one report; where its record has changed, over the version that was seen. */
export async function accept(report: Report): Promise<void> {
  const seen = report.is_stale ? { "If-Match": `"${report.present_version ?? 0}"` } : {};
  const path = { report_id: report.id };
  await read(client.POST("/registry/v1/reports/{report_id}/accept", { params: { path, header: { ...key(), ...seen } } }));
  tellDecided();
}

/** Return one report; its reporter reads the reason. */
export async function giveBack(id: number, reason: string): Promise<void> {
  const params = { path: { report_id: id }, header: key() };
  await read(client.POST("/registry/v1/reports/{report_id}/return", { params, body: { reason } }));
  tellDecided();
}

/** Take back what one's own unit reported. */
export async function withdraw(id: number): Promise<void> {
  const params = { path: { report_id: id }, header: key() };
  await read(client.POST("/registry/v1/reports/{report_id}/withdraw", { params }));
  tellDecided();
}

/** Accept many, or return them for a reason; what could not be done is in the answer. */
export async function decideMany(ids: readonly number[], reason: string | null): Promise<Decisions> {
  const decision: Schemas["Verdict"] = reason === null ? "accept" : "return";
  const decisions = ids.map((report_id) => ({ report_id, decision, ...(reason === null ? {} : { reason }) }));
  const done: Decisions = [];
  try {
    for (let at = 0; at < decisions.length; at += MOST) {
      const body = { decisions: decisions.slice(at, at + MOST) };
      done.push(...(await read(client.POST("/registry/v1/reports/decisions", { params: { header: key() }, body }))).items);
    }
  } finally {
    tellDecided();
  }
  return done;
}
