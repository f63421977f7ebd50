/**
 * The main job of a key-project office, by nothing but operations generated from the document:
 * a ledger is imported, scored and swept, and one letter is read and printed.
 *
 *     openapi-typescript http://127.0.0.1:8000/openapi.json -o bairi.d.ts
 *     tsc && node main_job.js http://127.0.0.1:8000 out/demo/token ledger.xlsx letter.pdf
 *
 * Its sweep is of days of 2022, which only the sample county of `make run` takes; `bairi up` sweeps
 * today.
 */

import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import createClient from "openapi-fetch";

import type { components, operations, paths } from "./bairi.d.ts";

const POLL_MILLISECONDS = 100;
const SCHEME = "lanxian-2022";
const CAMPAIGN = { from_on: "2022-09-15", to_on: "2022-12-25" };

const [address = "", tokenFile = "", ledger = "", letterFile = ""] = process.argv.slice(2);
const token = await readFile(tokenFile, "utf8");
const client = createClient<paths>({
  baseUrl: address,
  headers: { authorization: `Bearer ${token}` },
});

/** The data of an answer. Throws where the service refuses, with what it says in Chinese. */
function take<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail);
  return answer.data;
}

async function importLedger(): Promise<void> {
  const form = new FormData();
  form.append("file", new Blob([await readFile(ledger)]), basename(ledger));
  const uploaded = take(
    await client.POST("/registry/v1/imports", {
      // The types have a text where the wire has a file.
      body: { file: "" },
      bodySerializer: () => form,
    }),
  );
  const rows = sum(Object.values(uploaded.counts));
  console.log(`检查：${rows} 行，错误 ${uploaded.errors}，提醒 ${uploaded.warnings}`);

  const params = { path: { import_id: uploaded.id } };
  const changes = take(await client.GET("/registry/v1/imports/{import_id}/changes", { params }));
  console.log(`预览：将新增 ${sum(Object.values(changes).map((change) => change.added))} 行`);

  let current = take(await client.POST("/registry/v1/imports/{import_id}/apply", { params }));
  while (current.state === "applying") {
    await wait(POLL_MILLISECONDS);
    current = take(await client.GET("/registry/v1/imports/{import_id}", { params }));
  }
  if (current.state !== "applied") throw new Error(current.problem?.detail);
  const added = Object.values(current.changes ?? {}).map((change) => change.added);
  console.log(`导入：新增 ${sum(added)} 行`);
}

async function score(): Promise<void> {
  const body = { scheme: SCHEME, as_of: CAMPAIGN.to_on };
  const run = take(await client.POST("/scoring/v1/runs", { body }));
  const path = { run_id: run.id };
  const ranking = take(
    await client.GET("/scoring/v1/runs/{run_id}/ranking", { params: { path } }),
  );
  for (const { group, units } of ranking.groups) {
    const best = units.slice(0, 3).map((unit) => `${unit.rank} ${unit.name} ${unit.total}`);
    console.log(`${group}：${best.join("，")}`);
  }
  const colours = new Map<string, number>();
  for await (const light of lights(run.id)) {
    colours.set(light.overall, (colours.get(light.overall) ?? 0) + 1);
  }
  const counted = [...colours].sort().map(([colour, number]) => `${colour} ${number}`);
  console.log(`红黄绿灯：${counted.join("，")}`);
}

/** The lights of a run, page by page: `next` is what to send as `after`, and null at the end. */
async function* lights(run_id: number): AsyncGenerator<components["schemas"]["RunLightRead"]> {
  const query: NonNullable<operations["list_lights_of_run"]["parameters"]["query"]> = { limit: 50 };
  for (;;) {
    const params = { path: { run_id }, query };
    const page = take(await client.GET("/scoring/v1/runs/{run_id}/lights", { params }));
    yield* page.items;
    if (page.next === null) return;
    query.after = page.next;
  }
}

async function sweep(): Promise<void> {
  const query = { on: CAMPAIGN.from_on };
  // Of a region an answer is a list with one of each office, else it is the office's alone.
  const previews = [take(await client.POST("/notifier/v1/preview", { params: { query } }))].flat();
  for (const { on, letters } of previews) console.log(`${on} 应发函：${letters.length} 件`);

  const sweeps = [take(await client.POST("/notifier/v1/sweeps", { body: CAMPAIGN }))].flat();
  for (const { from_on, to_on, issued } of sweeps) {
    console.log(`${from_on} 至 ${to_on} 新发函：${issued.length} 件`);
    if (issued[0]) await printLetter(issued[0].id);
  }
}

/** Read a letter and save it, as soon as it is printed, which happens after it is numbered. */
async function printLetter(letter_id: number): Promise<void> {
  const params = { path: { letter_id } };
  let letter = take(await client.GET("/notifier/v1/letters/{letter_id}", { params }));
  while (!letter.printed) {
    await wait(POLL_MILLISECONDS);
    letter = take(await client.GET("/notifier/v1/letters/{letter_id}", { params }));
  }
  const document = take(
    await client.GET("/notifier/v1/letters/{letter_id}/document.pdf", {
      params,
      parseAs: "arrayBuffer",
    }),
  );
  await writeFile(letterFile, new Uint8Array(document));
  console.log(`${letter.number} ${letter.title}（${letter.state}）`);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

await importLedger();
await score();
await sweep();
