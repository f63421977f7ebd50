// The whole screen for the wall: by the browser where it lets us, else the whole window.
import { onMounted, onScopeDispose, ref, watch, type Ref } from "vue";

import type { Format } from "@/pages/wall/model";
import { patchQuery, route } from "@/shell/route";

const ROOT = document.documentElement;
const DESK: Format = { columns: 1, lines: 240, headLines: 0, tileLines: 1 };
const LANDSCAPE: Format = { columns: 5, lines: 40, headLines: 3, tileLines: 6 };
const PORTRAIT: Format = { columns: 2, lines: 60, headLines: 3, tileLines: 6 };

interface Screen {
  isOn: Ref<boolean>;
  format: Ref<Format>;
  enter: () => void;
  leave: () => void;
}

/** Whether the wall has the screen, which its address says, and how many tiles fit there. */
export function useScreen(): Screen {
  const isOn = ref(false);
  const format = ref(DESK);
  const wide = matchMedia("(min-aspect-ratio: 1/1)");

  function fit(): void {
    isOn.value = route.value.page === "wall" && route.value.query.screen === "1";
    format.value = !isOn.value ? DESK : wide.matches ? LANDSCAPE : PORTRAIT;
    ROOT.classList.toggle("full-screen", isOn.value);
  }

  function left(): void {
    if (!document.fullscreenElement && isOn.value) leave();
  }

  function leave(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    patchQuery({ screen: null, page: null });
  }

  function enter(): void {
    patchQuery({ screen: "1", page: null });
    ROOT.requestFullscreen?.().catch(() => undefined); // the window will do
  }

  watch(route, fit, { immediate: true });
  onMounted(() => {
    wide.addEventListener("change", fit);
    document.addEventListener("fullscreenchange", left);
  });
  onScopeDispose(() => {
    wide.removeEventListener("change", fit);
    document.removeEventListener("fullscreenchange", left);
    ROOT.classList.remove("full-screen");
    if (document.fullscreenElement) void document.exitFullscreen();
  });
  return { isOn, format, enter, leave };
}
