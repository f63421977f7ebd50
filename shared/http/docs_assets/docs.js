// The page of the document: Swagger UI, its own words in Chinese.
"use strict";

const WORDS = {
  "Add": "增加",
  "Additional properties": "其他字段",
  "Any of": "其中之一即可",
  "Apply credentials": "使用令牌",
  "Authorize": "授权",
  "Authorized": "已授权",
  "Available authorizations": "授权",
  "Available values": "可选",
  "Cancel": "取消",
  "Clear": "清除",
  "Close": "关闭",
  "Code": "状态码",
  "Collapse all": "全部收起",
  "Collapse operation": "收起",
  "Controls": "决定",
  "Copy to clipboard": "复制",
  "Curl": "curl 命令",
  "Default": "默认",
  "Default value": "默认",
  "Deprecated": "已废弃",
  "Description": "说明",
  "Details": "内容",
  "Download": "下载",
  "Edit Value": "填写",
  "Enum": "可选",
  "Errors": "错误",
  "Example": "示例",
  "Example Value": "示例",
  "Examples": "示例",
  "Execute": "执行",
  "Expand all": "全部展开",
  "Expand operation": "展开",
  "Failed to load API definition.": "读不到接口文档。",
  "Filter by tag": "按标签筛选",
  "Items": "各项",
  "Links": "链接",
  "Logout": "取消授权",
  "Media Type": "内容类型",
  "Media type": "内容类型",
  "Name": "名称",
  "No links": "无",
  "No parameters": "没有参数",
  "Parameters": "参数",
  "Please correct the following validation errors and try again.": "请改正后再试。",
  "Request URL": "请求地址",
  "Request body": "请求内容",
  "Request duration": "用时",
  "Request content type": "内容类型",
  "Required field is not provided": "必填",
  "Reset": "还原",
  "Response body": "回答内容",
  "Response headers": "回答头",
  "Responses": "回答",
  "Schema": "结构",
  "Schemas": "数据结构",
  "Send empty value": "发送空值",
  "Server response": "服务的回答",
  "Servers": "服务地址",
  "Try it out": "试用",
  "Undocumented": "文档中没有",
  "Value:": "令牌：",
  "allowed": "可有",
  "authorization button locked": "已授权",
  "authorization button unlocked": "授权",
  "forbidden": "不可有",
  "header": "请求头",
  "header.": "请求头。",
  "item": "一项",
  "path": "路径",
  "query": "查询",
  "required": "必填",
};
const PATTERNS = [
  [/^For '(.+)': Required field is not provided\.?$/, "$1 必填。"],
  [/^(.+) characters$/, "$1 个字符"],
  [/^(.+) items$/, "$1 条"],
  [/^(.+) properties$/, "$1 个字段"],
  [/^media type: (.+)$/, "内容类型：$1"],
  [/^matches (.+)$/, "合于 $1"],
];
// What the document says, and what is sent and answered, stays as it is.
const LEFT_ALONE =
  "pre, code, option, textarea, .url, .parameter__name > :not(span), .opblock-summary-path, .title, " +
  ".json-schema-2020-12__title, .renderedMarkdown:not(.parameter__default, .parameter__enum)";
const ATTRIBUTES = ["placeholder", "title", "aria-label"];

function translate(text) {
  const word = text.trim();
  if (Object.hasOwn(WORDS, word)) return text.replace(word, () => WORDS[word]);
  const known = PATTERNS.find(([pattern]) => pattern.test(word));
  return known ? word.replace(...known) : text;
}

function translateText(node) {
  if (!node.parentElement || node.parentElement.closest(LEFT_ALONE)) return;
  const text = translate(node.data);
  if (text !== node.data) node.data = text;
}

function translateAttributes(element) {
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name);
    if (text && translate(text) !== text) element.setAttribute(name, translate(text));
  }
}

function translateAll(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translateText(texts.currentNode);
  for (const element of [root, ...root.querySelectorAll("[placeholder], [title], [aria-label]")])
    translateAttributes(element);
}

new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    if (addedNodes.length) addedNodes.forEach(translateAll);
    else if (target.nodeType === Node.TEXT_NODE) translateText(target);
    else translateAttributes(target);
  }
}).observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ATTRIBUTES,
});

SwaggerUIBundle({
  url: "openapi.json", // beside the page, below any prefix
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null, // the default would ask the internet for a badge
});
