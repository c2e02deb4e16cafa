export function textFor(_k: string, _n: string): string | undefined {
  return undefined;
}
