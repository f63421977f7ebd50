// The token of the session: exchanged for the cookie of this device, kept in memory, never stored.
import { ref, shallowRef } from "vue";

import { problemOf, unanswered } from "@/api/problem";
import type { Schemas } from "@/api/client";

export interface SignedIn {
  token: string;
  expires_at: string;
  name: string;
  role: Schemas["Role"];
  region: string;
  unit_id: string | null;
  unit_name: string | null;
}

const EXCHANGE = new URL("./registry/v1/session/token", document.baseURI);
const MARGIN = 30_000; // milliseconds before its end in which a token is renewed

/** Who is signed in on this device; undefined while nobody is. */
export const signedIn = shallowRef<SignedIn>();
export const isAsked = ref(false); // whether the first exchange is over

let exchange: Promise<string | undefined> | undefined;

/** A token that is good for a while; undefined where nobody is signed in. Throws ApiProblem. */
export function freshToken(): Promise<string | undefined> {
  const held = signedIn.value;
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

async function exchangeCookie(): Promise<string | undefined> {
  let response;
  try {
    response = await fetch(EXCHANGE, { method: "POST", credentials: "same-origin" });
  } catch {
    throw unanswered();
  }
  if (response.status === 401) {
    signedIn.value = undefined;
    return undefined;
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response, body);
  signedIn.value = body as SignedIn;
  return signedIn.value.token;
}
