// Light or dark, as the device has it or as was chosen here.
import { ref, watchEffect } from "vue";

export type Theme = "auto" | "light" | "dark";

const KEY = "bairi.theme";
const kept = localStorage.getItem(KEY);

export const theme = ref<Theme>(kept === "light" || kept === "dark" ? kept : "auto");

watchEffect(() => {
  localStorage.setItem(KEY, theme.value);
  document.documentElement.dataset.theme = theme.value;
});
