// Pages that turn by themselves on a screen that hangs: they wait while somebody looks closer.
import { onScopeDispose, ref, watchEffect, type Ref } from "vue";

export interface Turning {
  isPlaying: Ref<boolean>; // as chosen
  isHeld: Ref<boolean>; // while something has the focus or is pointed at
}

/** Call `turn` every so many seconds; where little motion is wished for, only once it is asked for. */
export function useTurning(isOn: () => boolean, seconds: () => number, turn: () => void): Turning {
  const isPlaying = ref(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  const isHeld = ref(false);
  let timer = 0;
  watchEffect(() => {
    clearInterval(timer);
    if (isOn() && isPlaying.value && !isHeld.value) timer = setInterval(turn, Number(`${seconds()}000`));
  });
  onScopeDispose(() => clearInterval(timer));
  return { isPlaying, isHeld };
}
