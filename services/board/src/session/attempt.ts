// A step of a form: sent once, its problem told beside the field that it is about.
import { computed, ref, shallowRef } from "vue";

import { ApiProblem, unanswered } from "@/api/problem";
import { t } from "@/text/language";

interface FieldErrors {
  errors?: { pointer: string; detail: string }[];
}

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
  /** What is wrong with a field, blank where nothing is. */
  const wrong = (field: string) => fieldErrors.value.find(({ pointer }) => pointer === `#/${field}`)?.detail ?? "";

  /** The whole of what was refused, in a line. */
  const refusal = computed(() => [problem.value?.title, problem.value?.detail].filter(Boolean).join(t("。", ". ")));

  return { attempt, isSending, problem, fieldErrors, wrong, refusal };
}
