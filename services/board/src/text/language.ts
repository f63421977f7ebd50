// The language of the page: Chinese first, English beside it.
import { ref, watchEffect } from "vue";

export type Language = "zh" | "en";

const KEY = "bairi.language";

export const language = ref<Language>(localStorage.getItem(KEY) === "en" ? "en" : "zh");

watchEffect(() => {
  localStorage.setItem(KEY, language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});

/** The text in the language of the page. */
export function t(zh: string, en: string): string {
  return language.value === "zh" ? zh : en;
}

/** A remark behind what it is about, in brackets. */
export function inBrackets(text: string): string {
  return t(`（${text}）`, ` (${text})`);
}
