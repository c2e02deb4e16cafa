export interface AmavisTree {
  text: string;
}
export function parseAmavis(text: string, _o: { template: boolean }): AmavisTree {
  return { text };
}
