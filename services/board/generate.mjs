// Writes src/api/generated/ from the merged OpenAPI document: types of every operation, and what pages
// name of the Chinese labels of enumerations and of the titles of properties.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../deploy/openapi/bairi.json", import.meta.url);
const SOURCES = new URL("./src/", import.meta.url);
const FOLDER = new URL("./src/api/generated/", import.meta.url);

const named = await readNames();
const document = JSON.parse(await readFile(DOCUMENT, "utf8"));
const schemas = Object.entries(document.components.schemas);

// All that stands in quotes in the sources: labels and titles of what they do not name would travel
// to every phone.
async function readNames() {
  const files = await readdir(SOURCES, { recursive: true });
  const sources = files.filter((file) => /\.(vue|ts)$/.test(file) && !file.includes("generated"));
  const texts = await Promise.all(sources.map((file) => readFile(new URL(file.replaceAll("\\", "/"), SOURCES), "utf8")));
  return new Set(texts.flatMap((text) => [...text.matchAll(/["'`]([\w.]+)["'`]/g)].map(([, name]) => name)));
}

function pick(entries) {
  return Object.fromEntries(entries.filter(([name, words]) => named.has(name) && words));
}

const labels = pick([
  ...schemas.map(([name, schema]) => [name, schema["x-labels-zh"]]),
  // A vocabulary that is open stands in the records' properties: `PermitRead.kind`.
  ...schemas.filter(([name]) => name.endsWith("Read")).flatMap(([name, { properties }]) =>
    Object.entries(properties ?? {}).map(([property, { "x-labels-zh": words, items }]) => [
      `${name}.${property}`,
      words ?? items?.["x-labels-zh"],
    ]),
  ),
]);

// Whose properties are called by the documents' titles: of records by a name that comes with them.
const KINDS = ["FundRead", "IndicatorRead", "MilestoneRead", "PauseRead", "PermitRead", "PlanRead", "ProblemRaisedRead", "ProgressRead", "ProjectRead", "UnitRead"];
const TITLED = ["DeviceRead", "LetterRead", ...KINDS];
const titles = Object.fromEntries(TITLED.map((name) => [name, titlesOf(document.components.schemas[name])]));

function titlesOf({ properties }) {
  return Object.fromEntries(Object.entries(properties).map(([property, { title }]) => [property, title]));
}

const constant = (name, value) => `export const ${name} = ${JSON.stringify(value, null, 1)} as const;\n`;

await mkdir(FOLDER, { recursive: true });
await writeFile(new URL("document.d.ts", FOLDER), astToString(await openapiTS(document)));
await writeFile(new URL("labels.ts", FOLDER), constant("LABELS", labels));
await writeFile(new URL("titles.ts", FOLDER), constant("TITLES", titles));
