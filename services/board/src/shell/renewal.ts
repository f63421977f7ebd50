// A page that stays open over a new build asks for parts that are no more: it loads itself anew, once.
const KEY = "bairi.renewed";
const APART = 60_000; // milliseconds between two renewals, so that what is broken does not go round

addEventListener("vite:preloadError", (event) => {
  const before = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - before < APART) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  event.preventDefault();
  location.reload();
});
