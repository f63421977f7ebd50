// Figures come from the API with their texts: no source may add, subtract, multiply or divide what is
// a property of the OpenAPI document. Positions, sizes and times of the page itself are free.
import { readdir, readFile } from "node:fs/promises";

import ts from "typescript";
import { parse } from "vue/compiler-sfc";

const DOCUMENT = new URL("../../deploy/openapi/bairi.json", import.meta.url);
const SOURCES = new URL("./src/", import.meta.url);
const ID = /(^|_)id$/; // names something, and counts nothing
const BOUND = /\{\{([\s\S]*?)\}\}|\s[:@#v][\w.:-]*="([^"]*)"/g; // what a template reckons
const { PlusToken, PlusEqualsToken, MinusToken, MinusEqualsToken, PercentToken, PercentEqualsToken } = ts.SyntaxKind;
const { AsteriskToken, AsteriskEqualsToken, AsteriskAsteriskToken, SlashToken, SlashEqualsToken } = ts.SyntaxKind;
const SUMS = new Set([PlusToken, PlusEqualsToken]); // or texts that are joined
const OTHERS = new Set([
  ...[MinusToken, MinusEqualsToken, PercentToken, PercentEqualsToken],
  ...[AsteriskToken, AsteriskEqualsToken, AsteriskAsteriskToken, SlashToken, SlashEqualsToken],
]);

const { components } = JSON.parse(await readFile(DOCUMENT, "utf8"));
const properties = Object.values(components.schemas).flatMap((schema) => Object.entries(schema.properties ?? {}));
const namesOf = (isOne) => new Set(properties.filter(([name, property]) => !ID.test(name) && isOne(property)).map(([name]) => name));
const numbers = namesOf(isNumber);
const figures = new Set([...numbers, ...namesOf(isText)]); // decimals are texts

function isNumber({ type, anyOf = [] }) {
  return type === "integer" || type === "number" || anyOf.some(isNumber);
}

function isText({ type, format, anyOf = [] }) {
  return (type === "string" && !format) || anyOf.some(isText);
}

/** The names of a source's own references, whose `value` is no property of the document. */
function referencesOf(script) {
  return new Set([...script.matchAll(/const (\w+) = (?:ref|shallowRef|computed)\b/g)].map(([, name]) => name));
}

/** The properties that local names are taken of: `amount` of `const { amount: yuan } = row`. */
function takenOf(node, taken = new Map()) {
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && ts.isIdentifier(node.name))
    taken.set(node.name.text, (node.propertyName ?? node.name).text);
  ts.forEachChild(node, (child) => void takenOf(child, taken));
  return taken;
}

/** The expressions of a source that reckon with figures. */
function* reckonings(node, own, taken = takenOf(node)) {
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    const refused = SUMS.has(kind) ? numbers : OTHERS.has(kind) ? figures : new Set();
    if ([node.left, node.right].some((side) => refused.has(nameOf(side, own, taken)))) yield node.getText();
  }
  const within = [];
  ts.forEachChild(node, (child) => void within.push(child));
  for (const child of within) yield* reckonings(child, own, taken);
}

/** The property that an operand reads: `amount` of `Number(row.amount ?? 0)`. */
function nameOf(side, own, taken) {
  if (ts.isPropertyAccessExpression(side)) return own.has(side.expression.getText()) ? undefined : side.name.text;
  if (ts.isIdentifier(side)) return taken.get(side.text);
  if (ts.isElementAccessExpression(side) && ts.isStringLiteral(side.argumentExpression)) return side.argumentExpression.text;
  if (ts.isParenthesizedExpression(side) || ts.isNonNullExpression(side) || ts.isAsExpression(side)) return nameOf(side.expression, own, taken);
  if (ts.isBinaryExpression(side) && side.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return nameOf(side.left, own, taken);
  if (ts.isPrefixUnaryExpression(side)) return nameOf(side.operand, own, taken);
  if (ts.isCallExpression(side) && ["Number", "BigInt", "parseFloat"].includes(side.expression.getText())) return nameOf(side.arguments[0], own, taken);
  return undefined;
}

function scriptsOf(file, text) {
  if (!file.endsWith(".vue")) return [text];
  const { script, scriptSetup, template } = parse(text).descriptor;
  const bound = [...(template?.content ?? "").matchAll(BOUND)].map(([, text, attribute]) => `(${text ?? attribute})`);
  return [script?.content ?? "", scriptSetup?.content ?? "", ...bound];
}

const files = (await readdir(SOURCES, { recursive: true })).filter((file) => /\.(ts|vue)$/.test(file) && !file.includes("generated"));
let count = 0;
for (const file of files.sort())
  for (const script of scriptsOf(file, await readFile(new URL(file, SOURCES), "utf8")))
    for (const found of reckonings(ts.createSourceFile(file, script, ts.ScriptTarget.Latest, true), referencesOf(script))) {
      console.error(`src/${file}: reckons with a figure: ${found}`);
      count += 1;
    }
process.exit(count ? 1 : 0);
