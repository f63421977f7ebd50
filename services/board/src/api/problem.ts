// What an answer says that is none: a problem (RFC 9457) with the id of its request.
import { t } from "@/text/language";

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly type: string,
    readonly requestId: string,
    readonly body: unknown,
  ) {
    super(detail || title);
  }
}

/** The problem of an answer. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : "");
  return new ApiProblem(
    response.status,
    text("title") || t("服务没有正常应答", "The service did not answer properly"),
    text("detail"),
    text("type"),
    response.headers.get("x-request-id") ?? "",
    body,
  );
}

/** The problem of a request that nobody answered. */
export function unanswered(): ApiProblem {
  return new ApiProblem(
    0,
    t("连不上服务", "The service cannot be reached"),
    t("请检查网络，稍后再试", "Check the network and try again later."),
    "unanswered",
    "",
    null,
  );
}
