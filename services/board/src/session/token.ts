// The token of the session: exchanged for the cookie of this device, kept in memory, never stored.
import { ref, shallowRef } from "vue";

import type { Schemas } from "@/api/client";
import { ApiProblem, problemOf, unanswered } from "@/api/problem";
import { hearOtherTabs, tellOtherTabs } from "@/session/tabs";
import { language } from "@/text/language";

type SignedIn = Schemas["SessionTokenRead"];

const SESSION = new URL("./registry/v1/session", document.baseURI).href;
const MARGIN = 30_000; // milliseconds before its end in which a token is renewed

/** Who is signed in on this device; undefined while nobody is. */
export const signedIn = shallowRef<SignedIn>();
export const isAsked = ref(false); // whether the first exchange is over
/** Why the session is over that a page was opened with; that page stays, with what was typed. */
export const sessionEnd = shallowRef<ApiProblem>();

/** How often a session that had ended was taken up again: what was asked then is asked anew. */
export const resumptions = ref(0);

let exchange: Promise<string | undefined> | undefined;

/** A token that is good for a while; undefined where nobody is signed in. Throws ApiProblem. */
export function freshToken(): Promise<string | undefined> {
  const held = signedIn.value;
  if (sessionEnd.value) return Promise.resolve(undefined);
  if (held && Date.parse(held.expires_at) - Date.now() > MARGIN) return Promise.resolve(held.token);
  exchange ??= exchangeCookie().finally(() => {
    exchange = undefined;
    isAsked.value = true;
  });
  return exchange;
}

/** Forget the token, so that the next request exchanges the cookie anew. */
export function forgetToken(): void {
  if (signedIn.value) signedIn.value = { ...signedIn.value, expires_at: new Date(0).toISOString() };
}

/** Take up the session that has just begun here. Throws ApiProblem. */
export async function enter(): Promise<void> {
  const before = signedIn.value?.id;
  await resume();
  tellOtherTabs("begun");
  if (before !== undefined && signedIn.value?.id !== before) location.reload(); // somebody else
}

async function resume(): Promise<void> {
  const hadEnded = sessionEnd.value !== undefined;
  sessionEnd.value = undefined;
  forgetToken();
  await freshToken();
  if (hadEnded) resumptions.value++;
}

/** Nobody is signed in here any more, as was asked for. */
export function leave(): void {
  tellOtherTabs("ended");
  [signedIn.value, sessionEnd.value] = [undefined, undefined];
}

async function exchangeCookie(): Promise<string | undefined> {
  // Refusals stand in every browser's console as errors; that nobody is signed in is none.
  if (!signedIn.value && (await isNobodySignedIn())) return undefined;
  const response = await send("POST", "/token");
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 401) {
    if (signedIn.value) sessionEnd.value = problemOf(response, body);
    return undefined;
  }
  if (!response.ok) throw problemOf(response, body);
  signedIn.value = body as SignedIn;
  return signedIn.value.token;
}

async function isNobodySignedIn(): Promise<boolean> {
  const response = await send("GET", "");
  if (!response.ok) return false; // the exchange says why
  return ((await response.json()) as Schemas["SessionRead"]).account === null;
}

async function send(method: string, path: string): Promise<Response> {
  const headers = { "Accept-Language": language.value === "zh" ? "zh-CN" : "en" };
  try {
    return await fetch(SESSION + path, { method, headers, credentials: "same-origin" });
  } catch {
    throw unanswered();
  }
}

hearOtherTabs((news) => {
  if (news === "ended") [signedIn.value, sessionEnd.value] = [undefined, undefined];
  else if (sessionEnd.value || !signedIn.value) void resume().catch(() => undefined);
});
