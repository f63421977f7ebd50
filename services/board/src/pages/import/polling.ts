// Asking again while something goes on: less and less often, and not while nobody looks.
import { onScopeDispose, watch } from "vue";

const WAITS = [1, 1, 2, 3, 5, 8, 13]; // seconds; the last from then on

/** Ask again as long as `isGoingOn`; at once when the page is looked at again. */
export function usePolling(isGoingOn: () => boolean, ask: () => Promise<unknown>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = [...WAITS];

  function wait(): void {
    clearTimeout(timer);
    if (!isGoingOn() || document.hidden) return;
    const seconds = waits.length > 1 ? waits.shift() : waits[0];
    timer = setTimeout(async () => {
      await ask();
      wait();
    }, (seconds ?? 1) * 1000);
  }

  async function look(): Promise<void> {
    if (document.hidden || !isGoingOn()) return;
    waits = [...WAITS];
    await ask();
    wait();
  }

  watch(isGoingOn, () => {
    waits = [...WAITS];
    wait();
  }, { immediate: true });
  document.addEventListener("visibilitychange", look);
  onScopeDispose(() => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  });
}
