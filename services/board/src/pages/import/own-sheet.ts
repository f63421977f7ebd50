// An office's own sheet that no mapping is known for: what its columns may be, and how it goes on.
import { shallowRef } from "vue";

import { client, newIdempotencyKey, read, type Schemas } from "@/api/client";
import { send, type ImportRead } from "@/pages/import/upload";

export type Suggestion = Schemas["MappingSuggestion"];

interface OwnSheet {
  file: File;
  suggestion: Suggestion;
}

export const ownSheet = shallowRef<OwnSheet>(); // gone when the page is loaded anew, as the file is

/** Ask what a file may be; whether it has a header that a mapping can be made of. */
export async function suggest(file: File): Promise<boolean> {
  ownSheet.value = undefined;
  const form = new FormData();
  form.append("file", file, file.name);
  const suggestion = await read(
    client.POST("/registry/v1/mappings/suggestions", { body: form as never, bodySerializer: (body: unknown) => body as FormData }),
  );
  if (suggestion.document) ownSheet.value = { file, suggestion };
  return Boolean(suggestion.document);
}

/** Keep the suggested mapping under a name, and read the sheet by it with what was chosen. */
export async function keepAndRead({ file, suggestion }: OwnSheet, name: string, answers: Record<string, string>): Promise<ImportRead | undefined> {
  const body = { document: suggestion.document, why: file.name.slice(0, 200) };
  const headers = { "Idempotency-Key": newIdempotencyKey() };
  const path = { name };
  await read(client.PUT("/registry/v1/mappings/{name}", { params: { path, header: { ...headers, ...(await matchOf(name)) } }, body }));
  const sent = await send(file, name);
  if (!sent || Object.keys(answers).length === 0) return sent;
  return answer(sent.id, answers);
}

/** The version of a mapping that would be replaced, where there is one. */
async function matchOf(name: string): Promise<{ "If-Match"?: string }> {
  const { items } = await read(client.GET("/registry/v1/mappings", { params: { query: { limit: 200 } } }));
  const kept = items.find((each) => each.name === name);
  return kept ? { "If-Match": `"${kept.version}"` } : {};
}

export function answer(id: number, answers: Record<string, string>): Promise<ImportRead> {
  const params = { path: { import_id: id }, header: { "Idempotency-Key": newIdempotencyKey() } };
  return read(client.POST("/registry/v1/imports/{import_id}/answers", { params, body: { answers } }));
}
