/** Milliseconds of processor time that an action takes: unlike the clock, it does not count other programs. */
export function cpuTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
