// The ledger that is being sent: one at a time, going on while another page is looked at.
import { computed, reactive, shallowRef } from "vue";

import { newIdempotencyKey, type Schemas } from "@/api/client";
import { ApiProblem, problemOf, unanswered } from "@/api/problem";
import { forgetToken, freshToken } from "@/session/token";
import { language, t } from "@/text/language";

export type ImportRead = Schemas["ImportRead"];
type Phase = "idle" | "sending" | "checking";

export const MOST_MEGABYTES = 200; // of an upload; the service holds to the same
const MOST_BYTES = MOST_MEGABYTES * 1_000_000;
const ADDRESS = new URL("./registry/v1/imports", document.baseURI).href;

export const sending = reactive({ phase: "idle" as Phase, name: "", sent: 0, size: 1 });
export const problem = shallowRef<ApiProblem>();
export const isSending = computed(() => sending.phase !== "idle");

let request: XMLHttpRequest | undefined;
let last: { file: File; mapping: string | undefined; key: string } | undefined; // to send again with the same key: done once

/**
 * Send a file to be checked, an own sheet by a mapping; undefined where it was stopped or refused, which
 * `problem` says.
 */
export async function send(file: File, mapping?: string): Promise<ImportRead | undefined> {
  if (last?.file !== file || last.mapping !== mapping) last = { file, mapping, key: newIdempotencyKey() };
  problem.value = undefined;
  if (file.size > MOST_BYTES) {
    problem.value = tooLarge();
    return undefined;
  }
  Object.assign(sending, { phase: "sending", name: file.name, sent: 0, size: file.size || 1 });
  addEventListener("beforeunload", warn);
  try {
    return await sendOnce(last).catch((error: unknown) => {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      forgetToken();
      return last && sendOnce(last);
    });
  } catch (error) {
    if (error) problem.value = error instanceof ApiProblem ? error : unanswered();
    return undefined;
  } finally {
    sending.phase = "idle";
    removeEventListener("beforeunload", warn);
  }
}

/** Send the last file again, after a refusal. */
export function sendAgain(): Promise<ImportRead | undefined> {
  return last ? send(last.file, last.mapping) : Promise.resolve(undefined);
}

/** The file that was sent last. */
export function lastFile(): File | undefined {
  return last?.file;
}

/** Stop what is being sent; nothing of it is kept. */
export function stop(): void {
  request?.abort();
}

async function sendOnce({ file, mapping, key }: NonNullable<typeof last>): Promise<ImportRead> {
  const token = await freshToken();
  const form = new FormData();
  form.append("file", file, file.name);
  // XMLHttpRequest, as fetch does not tell how far it has come.
  const xhr = new XMLHttpRequest();
  request = xhr;
  xhr.open("POST", mapping ? `${ADDRESS}?mapping=${encodeURIComponent(mapping)}` : ADDRESS);
  if (token) xhr.setRequestHeader("Authorization", `Bearer ${token}`);
  xhr.setRequestHeader("Accept-Language", language.value === "zh" ? "zh-CN" : "en");
  xhr.setRequestHeader("Idempotency-Key", key);
  xhr.upload.onprogress = ({ loaded, total }) => Object.assign(sending, { sent: loaded, size: total });
  xhr.upload.onload = () => {
    sending.phase = "checking";
  };
  return new Promise((resolve, reject) => {
    xhr.onabort = () => reject(undefined);
    xhr.onerror = () => reject(unanswered());
    xhr.onload = () => {
      const body = parse(xhr.responseText);
      if (xhr.status === 201) resolve(body as ImportRead);
      else reject(problemOf(answerOf(xhr), body));
    };
    xhr.send(form);
  });
}

function answerOf(xhr: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["x-request-id", "retry-after"]) {
    const value = xhr.getResponseHeader(name);
    if (value) headers.set(name, value);
  }
  return new Response(null, { status: xhr.status, headers });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tooLarge(): ApiProblem {
  return new ApiProblem(
    413,
    t("文件太大，没有上传", "The file is too large; it was not sent"),
    t(`一份台账不超过 ${MOST_MEGABYTES} MB。请删去图片、附件和无关的表，或分几次导入。`,
      `A ledger has at most ${MOST_MEGABYTES} MB. Remove pictures and sheets that do not belong, or import it in parts.`),
    "too-large", "", null,
  );
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
