// A write of one record: sent once however often it is tried, refused where another was quicker.
import { ref, shallowRef, watch, type Ref } from "vue";

import { newIdempotencyKey, read, type Call, type Schemas } from "@/api/client";
import { ApiProblem, unanswered } from "@/api/problem";

export interface Write {
  isWaiting: Ref<boolean>;
  problem: Ref<ApiProblem | undefined>;
  isStale: Ref<boolean>; // another has changed the record since it was read
  headers: (version: number | undefined) => Record<string, string>;
  problemOf: (field: string) => string;
  otherProblems: () => string[]; // of no field
  send: () => Promise<void>;
}

/** `typed` are the fields: what is sent again unchanged carries the same key. */
export function useWrite(put: () => Call<unknown>, done: () => void, stale: () => void, typed: Ref<unknown>[]): Write {
  const [isWaiting, isStale] = [ref(false), ref(false)];
  const problem = shallowRef<ApiProblem>();
  let key = newIdempotencyKey();
  watch(typed, () => (key = newIdempotencyKey()));

  async function send(): Promise<void> {
    [isWaiting.value, problem.value, isStale.value] = [true, undefined, false];
    try {
      await read(put());
      done();
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error : unanswered();
      isStale.value = problem.value.status === 412;
      // Nobody knows whether an unanswered write was done; any other answer ends it.
      if (problem.value.status !== 0 && problem.value.status < 500) key = newIdempotencyKey();
      if (isStale.value) stale();
    }
    isWaiting.value = false;
  }

  const fields = () => (problem.value?.body as Partial<Schemas["Problem"]> | null)?.errors ?? [];
  const nameOf = (pointer: string) => pointer.split("/").at(-1) ?? "";
  let shown = new Set<string>();
  return {
    isWaiting,
    problem,
    isStale,
    headers: (version) => ({ "Idempotency-Key": key, ...(version === undefined ? {} : { "If-Match": `"${version}"` }) }),
    problemOf: (field) => {
      shown = shown.add(field);
      return fields()
        .filter(({ pointer }) => nameOf(pointer) === field)
        .map(({ detail }) => detail)
        .join("；");
    },
    otherProblems: () => fields().filter(({ pointer }) => !shown.has(nameOf(pointer))).map(({ detail }) => detail),
    send,
  };
}
