/** Signature help as the protocol has it. */
import type { SignatureHelp } from "vscode-languageserver";
import type { Signature } from "../language/signature/signature.js";

export function protocolSignature({ label, documentation, parameters, active }: Signature): SignatureHelp {
  const markdown = (value: string | undefined) =>
    value === undefined ? {} : { documentation: { kind: "markdown" as const, value } };
  return {
    signatures: [
      {
        label,
        ...markdown(documentation),
        parameters: parameters.map((one) => ({ label: one.label, ...markdown(one.documentation) })),
      },
    ],
    activeSignature: 0,
    activeParameter: active,
  };
}
