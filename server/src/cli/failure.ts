/** Wrong usage or input that cannot be used: one line on stderr, exit status 2. */
export class UsageError extends Error {}
