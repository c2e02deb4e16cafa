/** What a file is, judged by its name and folder alone. */
import { posix } from "node:path";
import type { FileRole } from "../system/source.js";
import { splitTemplateName } from "./template.js";

export interface NamedFile {
  readonly path: string;
  readonly role: Exclude<FileRole, "table">;
  /** The name without template extensions: "main.cf" for "main.cf.j2". */
  readonly stem: string;
  /** The template extensions, "" for a plain file. */
  readonly suffix: string;
  /** For amavis: one of the files of a conf.d folder, rather than a whole configuration. */
  readonly part: boolean;
  /**
   * False when other programs use such names too (amavis.conf of a log rotation, a README in conf.d): then
   * the text has to look like Perl.
   */
  readonly certain: boolean;
  /** True for a file in a conf.d folder that Debian's amavisd skips for its name. */
  readonly skipped?: boolean | undefined;
}

/** The files of Debian's /etc/amavis/conf.d; their names alone are proof enough. */
const DEBIAN_PARTS = new Set([
  "01-debian",
  "05-domain_id",
  "05-node_id",
  "15-av_scanners",
  "15-content_filter_mode",
  "20-debian_defaults",
  "21-ubuntu_defaults",
  "25-amavis_helpers",
  "30-template_localization",
  "40-policy_banks",
  "50-user",
]);

/** Names that run-parts accepts, and so Debian's amavisd (run-parts(8), default rule). */
const RUN_PARTS = /^[A-Za-z0-9_-]+$/;

/** What the file is in a mail system, or undefined when the name says nothing. */
export function fileByName(path: string): NamedFile | undefined {
  const name = posix.basename(path);
  const { stem, suffix } = splitTemplateName(name);
  const postfix = /^(?:postfix[._-])?(main|master)\.cf$/.exec(stem);
  if (postfix !== null) {
    const role = postfix[1] === "main" ? "main" : "master";
    return { path, role, stem, suffix, part: false, certain: true };
  }
  if (/^(?:\d+-)?amavis[\w.-]*\.conf$/i.test(stem)) {
    return { path, role: "amavis", stem, suffix, part: false, certain: stem === "amavisd.conf" };
  }
  return amavisPart(path, stem, suffix);
}

function amavisPart(path: string, stem: string, suffix: string): NamedFile | undefined {
  if (!RUN_PARTS.test(stem)) return undefined;
  const known = DEBIAN_PARTS.has(stem);
  const folder = posix.dirname(path);
  const inside = isAmavisFolder(folder);
  const numbered = /^\d+[-_]/.test(stem);
  if (!known && !(inside && (numbered || posix.basename(folder) === "conf.d"))) return undefined;
  return { path, role: "amavis", stem, suffix, part: true, certain: known || (inside && numbered) };
}

/** A folder that can only be read by run-parts: amavis's conf.d, or one that has Debian's files in it. */
export function isPartsFolder(folder: string, names: readonly string[]): boolean {
  if (posix.basename(folder) !== "conf.d") return false;
  return names.some((name) => DEBIAN_PARTS.has(splitTemplateName(name).stem)) || isAmavisFolder(folder);
}

/** Whole configurations, which somebody may start amavisd with (`-c`) wherever they lie. */
const WHOLE = new Set(["amavisd.conf", "amavis.conf", "amavisd-new.conf"]);

/** What people, packages and editors put aside on purpose, knowing that it is skipped. */
const ASIDE = new RegExp(
  [
    "^[.#]|[~#]$|^Copy of ",
    "[-_. (](?:bak|backup|orig|old|saved?|copy|disabled?|tmp)\\d*(?=[.)]|$)",
    "\\.(?:off|inactive|unused|no|not|swp|swo|swx|temp|new|puppet-bak|augsave|augnew|ucf-\\w+|dpkg-\\w+|merge-error)(?=\\.|$)",
    "\\.(?:rpm(?:save|new|orig)|pac(?:new|save|orig)|rej|diff|patch|part|lock|v?\\d+)(?=\\.|$)",
    "[-_.](?:19|20)\\d\\d[-_]?\\d\\d[-_]?\\d\\d",
  ].join("|"),
  "i",
);

/** Texts that are no Perl, whatever stands in them. */
const NO_PERL =
  /\.(?:md|txt|rst|html?|asc|pem|key|crt|gz|sh|py|rb|pp|ya?ml|json|xml|sls|sql|service|md5sums?|gitkeep)$/i;

/**
 * A file of amavis's conf.d that `run-parts --list` leaves out for its name, though it was meant to be read:
 * 60-local.conf. Backups and templates are none; whether the text has settings is for the caller to see.
 */
export function skippedPart(path: string): NamedFile | undefined {
  const name = posix.basename(path);
  if (RUN_PARTS.test(name) || WHOLE.has(name) || ASIDE.test(name) || NO_PERL.test(name)) return undefined;
  if (splitTemplateName(name).suffix !== "") return undefined;
  return { path, role: "amavis", stem: name, suffix: "", part: true, certain: false, skipped: true };
}

/** True for a folder of amavis's own: amavis/, amavis/conf.d/, roles/amavis/templates/. */
function isAmavisFolder(folder: string): boolean {
  return folder
    .split("/")
    .slice(-3)
    .some((name) => programOfFolder(name)?.program === "amavis");
}

/** Folder names that say how a configuration is kept, and nothing of whose it is. */
const STRUCTURE = new Set(
  (
    "etc usr share local opt conf conf.d config configs configuration templates template files file default defaults " +
    "rootfs root roles modules docker services src assets data overlay overlays"
  ).split(" "),
);

/** Words in a folder's name that do not tell one host or instance from another. */
const GENERIC_WORDS = new Set("new role ansible puppet docker server conf config mail d".split(" "));

export interface ProgramFolder {
  readonly program: "postfix" | "amavis";
  /** What remains of the name when program and generic words are gone: "mx1" for "postfix-mx1". */
  readonly qualifier: string;
}

/** Reads a folder name such as "postfix", "amavisd-new", "ansible-role-postfix", "postfix-mx1". */
export function programOfFolder(name: string): ProgramFolder | undefined {
  const words = name.toLowerCase().split(/[-_.]/);
  const program = words.some((word) => /^postfix\d*$/.test(word))
    ? "postfix"
    : words.some((word) => /^amavisd?$/.test(word))
      ? "amavis"
      : undefined;
  if (program === undefined) return undefined;
  const rest = words.filter((word) => !/^(?:postfix|amavisd?)$/.test(word) && !GENERIC_WORDS.has(word));
  return { program, qualifier: rest.join("-") };
}

/** A copy that somebody put aside: postfix.bak, amavis-old, postfix.20240131. It configures nothing. */
export function isBackupFolder(name: string): boolean {
  const aside = /[-_.](?:bak|backup|old|orig|save|saved|copy|rpmsave|dpkg-old|\d{6,8})\d*$|~$/i;
  return aside.test(name) && programOfFolder(name) !== undefined;
}

/** True for a folder name that may lie between the parts of one mail system. */
export function isStructuralFolder(name: string): boolean {
  return STRUCTURE.has(name.toLowerCase()) || programOfFolder(name) !== undefined;
}

/**
 * True when a text has a statement of amavisd's configuration. Only asked about files whose name does not
 * decide; comments and POD alone are no statement.
 */
export function looksLikeAmavis(text: string): boolean {
  return /^[ \t]*(?:use[ \t]+strict|1[ \t]*;|(?:my[ \t]+|our[ \t]+)?[$@%][A-Za-z_]\w*[ \t]*(?:=|\{|\[)|(?:include_config_files|read_hash|dkim_key)\b)/m.test(
    text,
  );
}
