/** Which texts are templates: files that another program fills in before Postfix or amavisd reads them. */

const EXTENSIONS =
  "j2 jinja jinja2 erb epp tpl tmpl templ template in m4 mustache ejs mako dist proto default defaults example sample".split(
    " ",
  );

export interface TemplateName {
  /** The name without its template extensions: "main.cf" for "main.cf.j2". */
  readonly stem: string;
  /** The extensions that were taken off, "" for a plain name: ".j2". */
  readonly suffix: string;
}

/** Takes the template extensions off a file name. */
export function splitTemplateName(name: string): TemplateName {
  let stem = name;
  for (;;) {
    const dot = stem.lastIndexOf(".");
    if (dot <= 0 || !EXTENSIONS.includes(stem.slice(dot + 1).toLowerCase())) break;
    stem = stem.slice(0, dot);
  }
  return { stem, suffix: name.slice(stem.length) };
}

/** Order of preference among template forms of one file; a plain name comes first. */
export function templateRank(suffix: string): number {
  if (suffix === "") return -1;
  return EXTENSIONS.indexOf(suffix.slice(suffix.lastIndexOf(".") + 1).toLowerCase());
}

// Each has a fixed start, so that a text without it costs one search; none can backtrack over more than a line.
const PLACEHOLDERS: readonly { readonly start: string; readonly shape: RegExp }[] = [
  // Jinja, Mustache, Go. Postfix's own ${{a} == {b}} has a dollar before it; Perl's map {{ a => 1 }} an arrow in it.
  { start: "{{", shape: /^(?![ \t]*#).*(?<![${])\{\{[-~]?[ \t]*[\w.$"'(][^{}\n;]*\}\}/m },
  { start: "{%", shape: /^(?![ \t]*#).*\{%[-+]?[ \t]+\w[^%\n]*%\}/m },
  { start: "<%", shape: /^(?![ \t]*#).*<%[-=]?[ \t]*[\w@$][^%\n]*%>/m },
  { start: "@", shape: /^(?![ \t]*#).*(?<![\w\\$])@[A-Z][A-Z0-9_]{2,}@(?!\w+\s*=)/m },
  {
    start: "__",
    shape: /^(?![ \t]*#).*(?<!\w)__(?!(?:END|DATA|FILE|LINE|PACKAGE|SUB)__)[A-Z][A-Z0-9_]*?__(?!\w)/m,
  },
  { start: "%%", shape: /^(?![ \t]*#).*%%[A-Z][A-Z0-9_]*%%/m },
];

/**
 * True when the text of a plainly named file has placeholders outside comments. Only forms that neither
 * Postfix nor Perl uses count, because a template's missing ends are not reported.
 */
export function hasPlaceholders(text: string): boolean {
  for (const { start, shape } of PLACEHOLDERS) {
    if (!text.includes(start)) continue;
    const found = shape.exec(text);
    if (found !== null && !(start === "{{" && found[0].slice(found[0].lastIndexOf("{{")).includes("=>")))
      return true;
  }
  return false;
}
