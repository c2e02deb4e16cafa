/** Analyses the workspace's systems and keeps what each of them has to show. */
import type { Diagnostic } from "vscode-languageserver";
import type { Analysis } from "../analysis.js";
import { analyseSource } from "../workspace/analyseSource.js";
import type { LoadedSystem } from "../workspace/load.js";
import { applyRuleLevels, type RuleLevels } from "../workspace/ruleLevels.js";
import type { ShownSystem } from "./codeActions.js";
import { type DocumentSide, diagnosticsByFile } from "./diagnostics.js";

interface AnalysedSystem extends ShownSystem {
  readonly loaded: LoadedSystem;
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
}

export class AnalysedSystems {
  readonly #systems = new Map<string, AnalysedSystem>();

  constructor(private readonly documents: DocumentSide) {}

  /** The system as it is now; analysed again only when a text of it changed. */
  update(loaded: LoadedSystem, levels: RuleLevels): AnalysedSystem {
    const known = this.#systems.get(loaded.key);
    if (known?.loaded === loaded) return known;
    const analysis: Analysis = analyseSource(loaded.source, known?.analysis);
    // mailflow.json belongs to the project and wins over what a person set for all projects.
    const findings = applyRuleLevels(analysis.findings, { ...levels, ...loaded.layout.ruleLevels });
    const diagnostics = diagnosticsByFile(loaded.source, findings, this.documents);
    const analysed = { loaded, analysis, findings, diagnostics };
    this.#systems.set(loaded.key, analysed);
    return analysed;
  }

  /** Forgets one system and returns the files that it had something for. */
  remove(key: string): readonly string[] {
    const known = this.#systems.get(key);
    this.#systems.delete(key);
    return [...(known?.diagnostics.keys() ?? [])];
  }

  clear(): void {
    this.#systems.clear();
  }

  get(key: string): AnalysedSystem | undefined {
    return this.#systems.get(key);
  }
}
