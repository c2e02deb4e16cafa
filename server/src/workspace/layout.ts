/** Which files form one mail system, before any of them is read. */
import type { FileRole } from "../system/source.js";
import type { RuleLevels } from "./ruleLevels.js";

export interface LayoutFile {
  readonly path: string;
  readonly role: Exclude<FileRole, "table">;
  /** True when the name says so; placeholders in the text can still make a plain name a template. */
  readonly template: boolean;
}

export interface SystemLayout {
  /** Unique in the workspace, short, for people. */
  readonly name: string;
  /** The folder that all files have in common. */
  readonly root: string;
  /** The folder that plays the part of /etc/postfix; undefined without a Postfix instance. */
  readonly configDirectory: string | undefined;
  readonly main: LayoutFile | undefined;
  readonly master: LayoutFile | undefined;
  /** In amavisd's reading order. */
  readonly amavis: readonly LayoutFile[];
  /** Files of conf.d that amavisd skips for their names. */
  readonly skipped: readonly LayoutFile[];
  /** Why amavisd may read more than `amavis` names, as one clause; undefined when that is not so. */
  readonly amavisOpen: string | undefined;
  /** False when it is doubtful that the files belong to one host. */
  readonly certain: boolean;
  readonly addresses: readonly string[];
  /** Host names in lower case with their addresses, from mailflow.json. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Severities from mailflow.json. */
  readonly ruleLevels: RuleLevels;
  /** Folders that lookup tables may be read from. */
  readonly readable: readonly string[];
}

/** What makes a system the same one after its files changed: its first file. */
export function systemKey(layout: SystemLayout): string {
  return layout.main?.path ?? layout.master?.path ?? layout.amavis[0]?.path ?? layout.root;
}

export function layoutFiles(layout: SystemLayout): readonly LayoutFile[] {
  return [layout.main, layout.master, ...layout.amavis, ...layout.skipped].filter(
    (file) => file !== undefined,
  );
}
