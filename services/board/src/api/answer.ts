// Answers as state: asked anew whenever what the question was made of changes.
import { onScopeDispose, ref, shallowRef, watchEffect, type Ref, type ShallowRef } from "vue";

import { read, type Call } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { resumptions } from "@/session/token";

export interface Answer<T> {
  data: ShallowRef<T | undefined>; // the last good one, also while the next is waited for
  problem: ShallowRef<ApiProblem | undefined>;
  isWaiting: Ref<boolean>;
  reload: () => void;
}

/**
 * The answer to a question. `ask` reads what it depends on before its first `await`; it may return
 * null where there is nothing to ask yet.
 */
export function useAnswer<T>(ask: () => Call<T> | null): Answer<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<ApiProblem>();
  const isWaiting = ref(false);
  const turn = ref(0);
  let latest = 0;

  watchEffect(() => {
    void [turn.value, resumptions.value];
    const call = ask();
    const mine = ++latest;
    if (!call) {
      [problem.value, isWaiting.value] = [undefined, false];
      return;
    }
    isWaiting.value = true;
    read(call)
      .then(
        (answer) => {
          if (mine === latest) [data.value, problem.value] = [answer, undefined];
        },
        (error: unknown) => {
          if (mine === latest) problem.value = error as ApiProblem;
        },
      )
      .finally(() => {
        if (mine === latest) isWaiting.value = false;
      });
  });
  onScopeDispose(() => {
    latest = -1;
  });

  return { data, problem, isWaiting, reload: () => void turn.value++ };
}
