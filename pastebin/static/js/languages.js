/** Languages of texts: what their files are called, and a guess at which one a text is in. */

/** Name → suffix, as the editor offers them. */
export const LANGUAGES = new Map([
  ["Bash", "sh"], ["C", "c"], ["C#", "cs"], ["C++", "cpp"], ["CSS", "css"], ["CSV", "csv"], ["Diff", "diff"],
  ["Dockerfile", "dockerfile"], ["Go", "go"], ["Haskell", "hs"], ["HTML", "html"], ["INI", "ini"], ["Java", "java"],
  ["JavaScript", "js"], ["JSON", "json"], ["Kotlin", "kt"], ["Lua", "lua"], ["Markdown", "md"], ["Perl", "pl"],
  ["PHP", "php"], ["Python", "py"], ["R", "r"], ["Ruby", "rb"], ["Rust", "rs"], ["Scala", "scala"], ["SQL", "sql"],
  ["Swift", "swift"], ["TeX", "tex"], ["TOML", "toml"], ["TypeScript", "ts"], ["XML", "xml"], ["YAML", "yaml"],
]);

/** Suffix of a text in no language. */
export const PLAIN = "txt";

const SHEBANG = [[/\b(?:ba|z|da|k)?sh\b/, "sh"], [/python/, "py"], [/\bnode\b/, "js"], [/ruby/, "rb"], [/perl/, "pl"], [/lua/, "lua"]];

// The first sign that fits decides, so signs that could be part of another language come late.
const SIGNS = [
  [/^\s*<\?php\b/, "php"],
  [/^\s*<\?xml\b/, "xml"],
  [/^\s*(?:<!doctype html|<html\b)/i, "html"],
  [/^(?:diff --git |--- \S.*\n\+\+\+ |@@ -\d)/m, "diff"],
  [/^FROM \S+(?:\s+AS\s+\S+)?\s*\n[^]*^(?:RUN|CMD|COPY|ENTRYPOINT) /m, "dockerfile"],
  [/\\(?:documentclass|begin\{\w+\})/, "tex"],
  [/^package \w+\s*\n[^]*\bfunc\b/m, "go"],
  [/^\s*(?:pub )?fn \w+.*\{|\blet mut \w|^use \w+(?:::\w+)+;/m, "rs"],
  [/^using [\w.]+;[^]*\b(?:namespace|class)\b/m, "cs"],
  [/^import java[\w.]*;|\bpublic (?:static|final )?\s*(?:class|void)\b/m, "java"],
  [/^\s*#include\s*<(?:iostream|vector|string|memory|map)>|\bstd::|\btemplate\s*</m, "cpp"],
  [/^\s*#include\s*[<"]|\bint main\s*\(/m, "c"],
  [/^\s*(?:from [\w.]+ import |import \w[\w.]*\s*$|(?:async )?def \w+\(.*\).*:\s*$|class \w+.*:\s*$|@\w+[\w.]*\s*\n)/m, "py"],
  [/^\s*(?:interface|type|enum) \w+[^]*[{=]|:\s*(?:string|number|boolean)\b[\s,;)=]/m, "ts"],
  [/^\s*(?:const|let|var) \w+\s*=|\bfunction\s*\w*\s*\(.*\)\s*\{|=>\s*[{(]|^\s*(?:import|export)\b.*\bfrom\s+["']/m, "js"],
  [/^\s*(?:SELECT\b[^]*\bFROM|INSERT INTO|CREATE (?:TABLE|INDEX|VIEW)|UPDATE \w+ SET|ALTER TABLE)\b/im, "sql"],
  [/^\s*(?:require ['"]|def \w+[^:]*$[^]*^\s*end\s*$)/m, "rb"],
  [/^\s*(?:[.#]?[\w-]+(?:[ >+~]+[.#]?[\w-]+)*|@media.*)\s*\{\s*[\w-]+\s*:/m, "css"],
  [/^\s*\[\[?[\w.-]+\]\]?\s*\n\s*[\w-]+\s*=\s*(?:"|\[|\d|true|false)/m, "toml"],
  [/^\s*\[[\w. -]+\]\s*\n\s*[\w.-]+\s*=/m, "ini"],
  [/^#{1,6} \S|^\s*```|^\s*[-*] \[[ x]\] |\[[^\]\n]+\]\([^)\n]+\)/m, "md"],
  [/^---\s*\n|^[\w-]+:(?: \S.*)?\n(?:\s+[\w-]+:|\s*- )/m, "yaml"],
  [/^\s*<(\w+)[^>]*>[^]*<\/\1>\s*$/, "html"],
];

/** Return the suffix of the language that a text seems to be in, by its first 20,000 characters. */
export function guess(whole) {
  const text = whole.slice(0, 20000);
  const [, program] = /^#!\s*(\S.*)/.exec(text) ?? [];
  if (program) return SHEBANG.find(([sign]) => sign.test(program))?.[1] ?? "sh";
  if (isJson(whole)) return "json";
  return SIGNS.find(([sign]) => sign.test(text))?.[1] ?? (isCsv(text) ? "csv" : PLAIN);
}

function isJson(text) {
  if (!/^\s*[[{]/.test(text) || text.length > 1_000_000) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isCsv(text) {
  const commas = text.trimEnd().split("\n").slice(0, 20).map((line) => line.split(",").length - 1);
  return commas.length > 1 && commas[0] > 0 && commas.every((number) => number === commas[0]);
}
