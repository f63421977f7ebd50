// Writes src/api/generated/ from the merged OpenAPI document: types of every operation, the Chinese
// labels of enumerations, and the titles of properties that pages name.
import { mkdir, readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../deploy/openapi/bairi.json", import.meta.url);
const FOLDER = new URL("./src/api/generated/", import.meta.url);

const document = JSON.parse(await readFile(DOCUMENT, "utf8"));
const schemas = Object.entries(document.components.schemas);

// The schemas' names that the page names, else the labels of all would travel to every phone.
function pick(entries) {
  return Object.fromEntries(entries.filter(([, value]) => Object.keys(value).length > 0));
}

const labels = pick(schemas.map(([name, schema]) => [name, schema["x-labels-zh"] ?? {}]));
// A vocabulary that is open stands in the records' properties: `PermitRead.kind`.
for (const [name, schema] of schemas.filter(([name]) => name.endsWith("Read")))
  for (const [property, { "x-labels-zh": words, items }] of Object.entries(schema.properties ?? {})) {
    const known = words ?? items?.["x-labels-zh"];
    if (known) labels[`${name}.${property}`] = known;
  }

// Whose properties are called by the documents' titles; of all schemas they would travel to every phone.
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
