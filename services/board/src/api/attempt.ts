// A step of a form, or a write: sent once, its problem told beside the field that it is about.
import { computed, ref, shallowRef, watch, type WatchSource } from "vue";

import { newIdempotencyKey, read, type Call, type Schemas } from "@/api/client";
import { ApiProblem, unanswered } from "@/api/problem";
import { t } from "@/text/language";

interface FieldErrors {
  errors?: { pointer: string; detail: string }[];
}

export type Write = ReturnType<typeof useWrite>;
type Report = Schemas["ReportRead"];
type Headers = (version: number | null | undefined) => { "Idempotency-Key": string; "If-Match"?: string };

export function useAttempt() {
  const problem = shallowRef<ApiProblem>();
  const isSending = ref(false);

  /** Whether the work was done. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (isSending.value) return false;
    [isSending.value, problem.value] = [true, undefined];
    try {
      await work();
      return true;
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error : unanswered();
      return false;
    } finally {
      isSending.value = false;
    }
  }

  const fieldErrors = computed(() => (problem.value?.body as FieldErrors | null)?.errors ?? []);
  const fields = new Set<string>(); // that tell their own
  const nameOf = (pointer: string) => pointer.split("/").at(-1) ?? "";
  const said = (errors: FieldErrors["errors"] = []) => errors.map(({ detail }) => detail);

  /** What is wrong with a field, blank where nothing is. */
  function wrong(field: string): string {
    fields.add(field);
    return said(fieldErrors.value.filter(({ pointer }) => nameOf(pointer) === field)).join(t("；", "; "));
  }

  /** What is wrong with no field that tells its own. */
  const wrongElsewhere = () => said(fieldErrors.value.filter(({ pointer }) => !fields.has(nameOf(pointer))));

  /** The whole of what was refused, in a line. */
  const refusal = computed(() => [problem.value?.title, problem.value?.detail].filter(Boolean).join(t("。", ". ")));

  return { attempt, isSending, problem, fieldErrors, wrong, wrongElsewhere, refusal };
}

/**
 * The write of one record: done once however often it is tried, refused where another was quicker.
 * `typed` are the fields: what is sent again unchanged carries the same key. `stale` is told when what was read is old.
 */
export function useWrite<T>(put: (headers: Headers) => Call<T | Report>, done: (answer: T) => void, typed: WatchSource[] | object[], stale = () => {}) {
  const form = useAttempt();
  const waiting = shallowRef<Report>(); // what was sent waits for the office, and nothing is changed yet
  const isStale = computed(() => form.problem.value?.status === 412); // another has changed the record since it was read
  let key = newIdempotencyKey();
  watch(typed, () => (key = newIdempotencyKey()));
  const headers: Headers = (version) => ({ "Idempotency-Key": key, ...(version ? { "If-Match": `"${version}"` } : {}) });

  async function send(): Promise<void> {
    const isDone = await form.attempt(async () => {
      const answer = await read(put(headers));
      if (!isReport(answer)) return done(answer);
      waiting.value = answer;
      stale();
    });
    if (isDone) return;
    // Nobody knows whether an unanswered write was done; any other answer ends it.
    const status = form.problem.value?.status ?? 0;
    if (status !== 0 && status < 500) key = newIdempotencyKey();
    if (isStale.value) stale();
  }

  return { ...form, isStale, waiting, send };
}

function isReport(answer: unknown): answer is Report {
  return typeof answer === "object" && answer !== null && "causes" in answer && "is_stale" in answer;
}
