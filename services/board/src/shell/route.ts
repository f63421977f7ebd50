// Addresses of views: `#/page/id?filter=…`, so that each can be sent to somebody.
import { shallowRef } from "vue";

export type Query = Record<string, string>;

interface Route {
  page: string;
  ids: string[]; // what stands after the page, such as a project's id
  query: Query;
}

export const route = shallowRef<Route>(parse(location.hash));

addEventListener("hashchange", () => {
  route.value = parse(location.hash);
});

function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...ids] = path.split("/").map(decode);
  return { page: page || "today", ids: ids.filter(Boolean), query: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view; parts of the query that are blank are left out. */
export function href(page: string, ids: string | string[] = [], query: Record<string, string | number | null | undefined> = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  const path = [page, ...[ids].flat()].map(encodeURIComponent).join("/");
  return `#/${path}${search ? `?${search}` : ""}`;
}

/** Go to a view; back leads to where one was. */
export function navigate(page: string, ids: string | string[] = [], query: Query = {}): void {
  location.hash = href(page, ids, query);
}

/** Change parts of the query of the present view, in place: a filter is no step back. */
export function patchQuery(changes: Record<string, string | null | undefined>): void {
  const { page, ids, query } = route.value;
  const address = href(page, ids, { ...query, ...changes });
  history.replaceState(history.state, "", address);
  route.value = parse(address);
}

/** Take what stands after the page out of the address and the history: a secret that has been read. */
export function hideIds(): void {
  const address = href(route.value.page, [], route.value.query);
  history.replaceState(history.state, "", address);
  route.value = parse(address);
}
