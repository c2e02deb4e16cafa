/**
 * Places that another program fills in before amavisd reads the file: Jinja `{{ x }}`, `{% if x %}`,
 * ERB and EPP `<%= x %>`, Go `{{ if x }}`, autoconf `@X@`, YunoHost `__X__`, Python `%(x)s`, ports `%%X%%`.
 */

/** What a tag stands for: text, the begin, a branch or the end of an optional part, or nothing at all. */
export type TemplateRole = "placeholder" | "open" | "middle" | "close" | "nothing";

export interface TemplateTag {
  readonly end: number;
  readonly role: TemplateRole;
}

/** A tag that does not close within this many characters is no tag. It also bounds the work. */
const LONGEST_TAG = 2000;

const PERL_MARKERS = new Set(["__END__", "__DATA__", "__FILE__", "__LINE__", "__PACKAGE__", "__SUB__"]);
const NAME_FORMS =
  /@@?[A-Za-z_][\w.-]*@@?|__[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__|%%\w+%%|%\(\w+\)[sd]|%\{\w+\}/y;
const OPENS = /^\W*(?:if|unless|for|foreach|while|case|range|with|block|macro|filter|call|define)\b/;
const RUBY_OPENS = /\bdo\b\s*(?:\|[^|]*\|)?\s*$|\{\s*(?:\|[^|]*\|)?\s*$/;

function closing(text: string, at: number, mark: string): number {
  const found = text.slice(at, at + LONGEST_TAG).indexOf(mark);
  return found < 0 ? -1 : at + found + mark.length;
}

function roleOfControl(inside: string): TemplateRole {
  const words = inside.replace(/^[-+#/\s]+|[-+\s]+$/g, "");
  if (/^(?:else|elsif|elif|elseif|when)\b/.test(words) || /^\}\s*els/.test(words)) return "middle";
  if (/^end/.test(words) || /^\}$/.test(words)) return "close";
  if (OPENS.test(words) || RUBY_OPENS.test(words)) return "open";
  return /^(?:include|import|extends)\b/.test(words) ? "placeholder" : "nothing";
}

function roleOfBraces(inside: string): TemplateRole {
  if (/^[-\s]*\//.test(inside)) return "close";
  if (/^[-\s]*#/.test(inside)) return "open";
  if (/^[-\s]*(?:if|range|with|define|block)\s/.test(inside)) return "open";
  if (/^[-\s]*else\b/.test(inside)) return "middle";
  return /^[-\s]*end[-\s]*$/.test(inside) ? "close" : "placeholder";
}

/** The tag that starts exactly at `at` in a template, if there is one. */
export function templateTagAt(text: string, at: number): TemplateTag | undefined {
  const two = text.slice(at, at + 2);
  if (two === "{{") {
    const end = closing(text, at + 2, "}}");
    return end < 0 ? undefined : { end, role: roleOfBraces(text.slice(at + 2, end - 2)) };
  }
  if (two === "{%") {
    const end = closing(text, at + 2, "%}");
    return end < 0 ? undefined : { end, role: roleOfControl(text.slice(at + 2, end - 2)) };
  }
  if (two === "{#") {
    const end = closing(text, at + 2, "#}");
    return end < 0 ? undefined : { end, role: "nothing" };
  }
  if (two === "<%") {
    const end = closing(text, at + 2, "%>");
    if (end < 0) return undefined;
    const inside = text.slice(at + 2, end - 2);
    if (inside.startsWith("=")) return { end, role: "placeholder" };
    return { end, role: inside.startsWith("#") ? "nothing" : roleOfControl(inside) };
  }
  // Where `%` begins a tag, a doubled one is written for one.
  if (two === "%%" && /[A-Za-z_]/.test(text.charAt(at + 2))) {
    NAME_FORMS.lastIndex = at;
    if (!NAME_FORMS.test(text)) return { end: at + 1, role: "nothing" };
  }
  NAME_FORMS.lastIndex = at;
  const name = NAME_FORMS.exec(text)?.[0];
  if (name === undefined || PERL_MARKERS.has(name)) return undefined;
  return { end: at + name.length, role: "placeholder" };
}

const IN_ANY_STRING = /\{\{[^{}\n]{1,200}\}\}|<%=[^\n]{1,200}?%>/g;
const IN_TEMPLATE_STRING =
  /\{\{[^\n]{1,500}?\}\}|\{%[^\n]{1,500}?%\}|<%[^\n]{1,500}?%>|@[A-Za-z_][\w]*@(?!\w)|__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__|%%\w+%%|%\(\w+\)[sd]|%[a-z_]{3,}|\$\{\w+\}|\$[A-Z][A-Z0-9_]+/g;

/**
 * Ranges inside a quoted string that another program fills in. Outside of templates only the forms
 * count that no configuration means literally.
 */
export function placeholdersIn(
  text: string,
  start: number,
  end: number,
  template: boolean,
): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const body = text.slice(start, end);
  if (!template && !body.includes("{{") && !body.includes("<%=")) return found;
  for (const match of body.matchAll(template ? IN_TEMPLATE_STRING : IN_ANY_STRING)) {
    found.push({ start: start + match.index, end: start + match.index + match[0].length });
  }
  return found;
}

/**
 * Whether a text that is not correct Perl and not named like a template contains tags that no Perl program contains.
 * For the workspace, which decides how a file is read.
 */
export function looksLikeTemplate(text: string): boolean {
  return /<%[=-]?\s[^\n]*%>|@[A-Z][A-Z0-9_]*@|%\{\w+\}|^\s*\{%-?\s*\w[^\n]*%\}\s*$|\{\{-?\s*[\w.]+(?:\s*\|[^\n}]*)?\s*-?\}\}/m.test(
    text,
  );
}
