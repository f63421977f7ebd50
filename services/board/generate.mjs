// Writes src/api/generated/ from the merged OpenAPI document: types of every operation, the Chinese
// labels of enumerations, the titles of properties, and which roles an operation is for.
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

// A property has the same title wherever it stands, but for a few: those are kept by schema.
const seen = new Map();
for (const [, schema] of schemas)
  for (const [property, { title }] of Object.entries(schema.properties ?? {}))
    if (title) {
      const counts = seen.get(property) ?? new Map();
      seen.set(property, counts.set(title, (counts.get(title) ?? 0) + 1));
    }
const titles = {};
for (const [property, counts] of seen)
  titles[property] = [...counts].sort((a, b) => b[1] - a[1])[0][0];
for (const [name, schema] of schemas)
  for (const [property, { title }] of Object.entries(schema.properties ?? {}))
    if (title && title !== titles[property]) titles[`${name}.${property}`] = title;

const constant = (name, value) => `export const ${name} = ${JSON.stringify(value, null, 1)} as const;\n`;

await mkdir(FOLDER, { recursive: true });
await writeFile(new URL("document.d.ts", FOLDER), astToString(await openapiTS(document)));
await writeFile(new URL("labels.ts", FOLDER), constant("LABELS", labels));
await writeFile(new URL("titles.ts", FOLDER), constant("TITLES", titles));
