// The client, generated from the OpenAPI documents: it sends the token of the session.
import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "@/api/generated/document";
import { ApiProblem, problemOf, unanswered } from "@/api/problem";
import { freshToken, forgetToken } from "@/session/token";
import { language } from "@/text/language";

export type Schemas = components["schemas"];

const BASE = new URL("./", document.baseURI).href.replace(/\/$/, "");

const withToken: Middleware = {
  async onRequest({ request }) {
    const token = await freshToken();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    request.headers.set("Accept-Language", language.value === "zh" ? "zh-CN" : "en");
    return request;
  },
};

/** Asks again with a new token where the old one is good no more: a revoked or expired one. */
async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 401) return response;
  forgetToken();
  const token = await freshToken();
  if (!token) return response;
  again.headers.set("Authorization", `Bearer ${token}`);
  return fetch(again);
}

export const client = createClient<paths>({ baseUrl: BASE, fetch: send });
client.use(withToken);

/** What a call of the client answers. */
export type Call<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The document that a call answers. Throws ApiProblem. */
export async function read<T>(call: Call<T>): Promise<T> {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    throw error instanceof ApiProblem ? error : unanswered();
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  return answer.data as T;
}

/** A key for a write that may be sent twice and is done once. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
}
