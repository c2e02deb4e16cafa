/**
 * Optimal string alignment distance (a swap of neighbours counts once); `limit` when it is that or
 * more, told without comparing to the end.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  // What both begin or end with costs nothing, and names have much in common.
  let start = 0;
  while (start < a.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let aEnd = a.length;
  let bEnd = b.length;
  while (aEnd > start && bEnd > start && a.charCodeAt(aEnd - 1) === b.charCodeAt(bEnd - 1)) {
    aEnd--;
    bEnd--;
  }
  const width = bEnd - start;
  let before: number[] = [];
  let row = Array.from({ length: width + 1 }, (_, index) => index);
  for (let i = 1; i <= aEnd - start; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = a[start + i - 1] === b[start + j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[start + i - 1] === b[start + j - 2] && a[start + i - 2] === b[start + j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    // A swap reaches back two rows; with both of them at the limit nothing below comes under it.
    if (least >= limit && Math.min(...row) >= limit) return limit;
    before = row;
    row = next;
  }
  return Math.min(row[width] ?? 0, limit);
}
