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
  /@@?[A-Za-z_]\w*@@?|__[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__|%%\w+%%|%\(\w+\)[sd]|%\{\w+\}/y;
const OPENS = /^\W*(?:if|unless|for|foreach|while|case|range|with|block|macro|filter|call|define)\b/;
const RUBY_OPENS = /\bdo\b\s*(?:\|[^|]*\|)?\s*$|\{\s*(?:\|[^|]*\|)?\s*$/;

function roleOfControl(inside: string): TemplateRole {
  const words = inside.replace(/^[-+#/\s]+|[-+\s]+$/g, "");
  if (/^(?:else|elsif|elif|elseif|when)\b/.test(words) || /^\}\s*els/.test(words)) return "middle";
  if (/^end/.test(words) || /^\}$/.test(words)) return "close";
  if (OPENS.test(words) || RUBY_OPENS.test(words)) return "open";
  return /^(?:include|import|extends)\b/.test(words) ? "placeholder" : "nothing";
}

/** What stands between `<%` and `%>`. */
function roleOfRuby(inside: string): TemplateRole {
  if (inside.startsWith("=")) return "placeholder";
  return inside.startsWith("#") ? "nothing" : roleOfControl(inside);
}

function roleOfBraces(inside: string): TemplateRole {
  if (/^[-\s]*\//.test(inside)) return "close";
  if (/^[-\s]*#/.test(inside)) return "open";
  if (/^[-\s]*(?:if|range|with|define|block)\s/.test(inside)) return "open";
  if (/^[-\s]*else\b/.test(inside)) return "middle";
  return /^[-\s]*end[-\s]*$/.test(inside) ? "close" : "placeholder";
}

/** The tags of one text. Remembers where it last looked for a closing mark, so that looking stays cheap. */
export class TemplateTags {
  readonly #text: string;
  readonly #marks = new Map<string, { from: number; at: number }>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The tag that starts exactly at `at`, if there is one. */
  at(at: number): TemplateTag | undefined {
    switch (this.#text.slice(at, at + 2)) {
      case "{{":
        return this.#tag(at, "}}", roleOfBraces);
      case "{%":
        return this.#tag(at, "%}", roleOfControl);
      case "{#":
        return this.#tag(at, "#}", () => "nothing");
      case "<%":
        return this.#tag(at, "%>", roleOfRuby);
      default:
        return this.#nameForm(at);
    }
  }

  #tag(at: number, mark: string, roleOf: (inside: string) => TemplateRole): TemplateTag | undefined {
    const from = at + 2;
    let known = this.#marks.get(mark);
    if (known === undefined || from < known.from || (known.at >= 0 && from > known.at)) {
      known = { from, at: this.#text.indexOf(mark, from) };
      this.#marks.set(mark, known);
    }
    if (known.at < 0 || known.at - from > LONGEST_TAG) return undefined;
    return { end: known.at + 2, role: roleOf(this.#text.slice(from, known.at)) };
  }

  #nameForm(at: number): TemplateTag | undefined {
    const text = this.#text;
    NAME_FORMS.lastIndex = at;
    const name = NAME_FORMS.exec(text)?.[0];
    if (name !== undefined)
      return PERL_MARKERS.has(name) ? undefined : { end: at + name.length, role: "placeholder" };
    // Where `%` begins a tag, a doubled one is written for one.
    const doubled = text.startsWith("%%", at) && /[A-Za-z_]/.test(text.charAt(at + 2));
    return doubled ? { end: at + 1, role: "nothing" } : undefined;
  }
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
