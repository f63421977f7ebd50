// Answers as state: asked anew whenever what the question was made of changes.
import { ref, shallowRef, watchEffect, type Ref, type ShallowRef } from "vue";

import { read, type Call } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { resumptions } from "@/session/token";

const LONGEST_PAUSE = 30; // seconds for which a busy service is left alone before it is asked again

export interface Answer<T> {
  data: ShallowRef<T | undefined>; // the last good one, also while the next is waited for
  problem: ShallowRef<ApiProblem | undefined>;
  isWaiting: Ref<boolean>;
  reload: () => void;
}

/** Asks; given the signal by which a request that is overtaken is aborted. */
type Ask<T> = (signal: AbortSignal) => Call<T> | null;

/**
 * The answer to a question. `ask` reads what it depends on before its first `await`; it may return
 * null where there is nothing to ask yet.
 */
export function useAnswer<T>(ask: Ask<T>): Answer<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<ApiProblem>();
  const isWaiting = ref(false);
  const turn = ref(0);

  watchEffect((onCleanup) => {
    void [turn.value, resumptions.value];
    const question = new AbortController();
    onCleanup(() => question.abort());
    const { signal } = question;
    const call = ask(signal);
    if (!call) {
      [problem.value, isWaiting.value] = [undefined, false];
      return;
    }
    isWaiting.value = true;
    readPatiently(call, ask, signal)
      .then(
        (answer) => {
          if (!signal.aborted) [data.value, problem.value] = [answer, undefined];
        },
        (error: unknown) => {
          if (!signal.aborted) problem.value = error as ApiProblem;
        },
      )
      .finally(() => {
        if (!signal.aborted) isWaiting.value = false;
      });
  });

  return { data, problem, isWaiting, reload: () => void turn.value++ };
}

/** The document that a call answers; a service that says when to come again is asked once more then. */
async function readPatiently<T>(call: Call<T>, ask: Ask<T>, signal: AbortSignal): Promise<T> {
  try {
    return await read(call);
  } catch (error) {
    const pause = error instanceof ApiProblem && [429, 503].includes(error.status) ? Number(error.retryAfter) : 0;
    if (!(pause > 0 && pause <= LONGEST_PAUSE)) throw error;
    await new Promise((done) => setTimeout(done, pause * 1000));
    const again = signal.aborted ? null : ask(signal);
    if (!again) throw error;
    return read(again);
  }
}
