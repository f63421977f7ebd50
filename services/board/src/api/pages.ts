// Lists that come page by page: what is there is shown, the next page when it is looked for.
import { onScopeDispose, ref, shallowRef, watchEffect, type Ref, type ShallowRef } from "vue";

import { read, type Call } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { resumptions } from "@/session/token";

interface ListPage<T> {
  items: T[];
  next: string | null;
}

interface PagedList<T, P extends ListPage<T>> {
  items: ShallowRef<T[]>;
  first: ShallowRef<P | undefined>; // the first page, with its totals
  problem: ShallowRef<ApiProblem | undefined>;
  isWaiting: Ref<boolean>;
  isComplete: Ref<boolean>;
  loadMore: () => Promise<void>;
  reload: () => void;
}

/** The items of a list; `ask` is given where a page begins, and is asked anew when what it reads changes; what is overtaken is aborted. */
export function usePages<T, P extends ListPage<T>>(ask: (after: string, signal: AbortSignal) => Call<P> | null): PagedList<T, P> {
  const items = shallowRef<T[]>([]);
  const first = shallowRef<P>();
  const problem = shallowRef<ApiProblem>();
  const [isWaiting, isComplete, turn] = [ref(false), ref(false), ref(0)];
  let next: string | null = "";
  let question = new AbortController();
  let running: Promise<void> | undefined;

  async function load(call: Call<P>, isFirst: boolean): Promise<void> {
    const { signal } = question;
    isWaiting.value = true;
    try {
      const page = await read(call);
      if (signal.aborted) return;
      if (isFirst) first.value = page;
      // A new array, so that what it is handed to sees that it grew.
      items.value = isFirst ? page.items : [...items.value, ...page.items];
      next = page.next;
      isComplete.value = next === null;
      problem.value = undefined;
    } catch (error) {
      if (!signal.aborted) problem.value = error as ApiProblem;
    } finally {
      if (!signal.aborted) isWaiting.value = false;
    }
  }

  watchEffect(() => {
    void [turn.value, resumptions.value];
    question.abort();
    question = new AbortController();
    const call = ask("", question.signal);
    isComplete.value = false;
    running = call ? load(call, true) : undefined;
  });
  onScopeDispose(() => {
    question.abort();
  });

  async function loadMore(): Promise<void> {
    await running;
    // Of two that waited for the same page, one asks for the next.
    if (isWaiting.value || isComplete.value || problem.value || !next) return;
    const call = ask(next, question.signal);
    if (!call) return;
    running = load(call, false);
    await running;
  }

  return { items, first, problem, isWaiting, isComplete, loadMore, reload: () => void turn.value++ };
}
