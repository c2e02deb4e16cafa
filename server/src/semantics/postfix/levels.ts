/** How `${{a} < {b}?...}` compares: as numbers, as text or as compatibility levels. */
/**
 * Comparison of mac_expand(3): numeric when both sides are all digits, else byte by byte; "level" compares
 * versions.
 * @returns the warning, where a side is no level or too long a number
 */
export function compare(left: string, operator: string, right: string): boolean | string {
  const sign = operator.replace(/\w+$/, "");
  if (sign !== operator) {
    for (const side of [left, right])
      if (!/^\d+(?:\.\d+){0,2}$/.test(side)) return `malformed compatibility level syntax: "${side}"`;
    return holds(sign, compareLevels(left, right));
  }
  if (!/^\d+$/.test(left) || !/^\d+$/.test(right))
    return holds(sign, left < right ? -1 : left > right ? 1 : 0);
  const difference = BigInt(left) - BigInt(right);
  for (const side of [left, right])
    if (BigInt(side) >= 2n ** 63n) return `mac_exp_eval: bad conversion: ${side}`;
  return holds(sign, difference < 0n ? -1 : difference > 0n ? 1 : 0);
}

function holds(sign: string, order: number): boolean {
  switch (sign) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

/** Compares compatibility levels: major[.minor[.patch]], missing parts count as 0. */
function compareLevels(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
