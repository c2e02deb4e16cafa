/** Words of Perl that the parser has to know, by what may follow them (perlfunc). */

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).filter((word) => word !== ""));
}

const OPERATOR_WORDS = set("or xor and eq ne cmp lt gt le ge isa x");
const MODIFIERS = set("if unless while until for foreach");

/** At most one argument, which binds more tightly than a comparison. */
export const NAMED_UNARY = set(`
  abs alarm caller chdir chomp chop chr chroot close closedir cos defined delete each eof evalbytes exists exit
  exp fc fileno getc gmtime hex int keys lc lcfirst length local localtime lock log lstat oct ord pop pos prototype
  quotemeta rand readdir readline readlink readpipe ref require reset rmdir scalar shift sin sleep sqrt srand
  stat study tell telldir tied uc ucfirst umask undef untie values`);

/** A comma list as arguments. */
export const LIST_OPERATORS = set(`
  atan2 binmode bless chmod chown connect crypt die exec fcntl flock formline getpwnam getgrnam glob index ioctl join kill
  link listen mkdir open opendir pack print printf push read rename return reverse rindex say seek select
  socket splice split sprintf substr symlink syscall sysopen sysread system syswrite tie truncate unlink unpack
  unshift utime vec waitpid warn write`);

export const WITHOUT_ARGUMENTS = set(`
  break __FILE__ __LINE__ __PACKAGE__ __SUB__ fork getppid time times wait wantarray`);

/** Functions whose first argument may be a block. */
export const BLOCK_FUNCTIONS = set("map grep sort");

/** Functions of Perl that no configuration needs, so that nothing but their names is known here. */
const RARE_FUNCTIONS = set(`
  accept bind dbmclose dbmopen dump endgrent endhostent endnetent endprotoent endpwent endservent getgrent getgrgid
  gethostbyaddr gethostbyname gethostent getlogin getnetbyaddr getnetbyname getnetent getpeername getpgrp getpriority
  getprotobyname getprotobynumber getprotoent getpwent getpwuid getservbyname getservbyport getservent getsockname
  getsockopt last lstat msgctl msgget msgrcv msgsnd next no pipe recv redo rewinddir seekdir semctl semget semop send
  setgrent sethostent setnetent setpgrp setpriority setprotoent setpwent setservent setsockopt shmctl shmget shmread
  shmwrite shutdown socketpair sysseek system default given when do eval goto if else elsif unless while until for
  foreach continue my our local state sub package use BEGIN END q qq qw qx qr m s tr y`);

/** Words that act as operators after a value: they end the arguments of a function. */
export function isOperatorWord(word: string): boolean {
  return OPERATOR_WORDS.has(word);
}

/** Words that hang a condition or a loop on the statement before them. */
export function isModifier(word: string): boolean {
  return MODIFIERS.has(word);
}

/** Whether Perl itself defines the word as a function or an operator. */
export function isBuiltin(word: string): boolean {
  return (
    NAMED_UNARY.has(word) ||
    LIST_OPERATORS.has(word) ||
    WITHOUT_ARGUMENTS.has(word) ||
    BLOCK_FUNCTIONS.has(word) ||
    OPERATOR_WORDS.has(word) ||
    RARE_FUNCTIONS.has(word) ||
    word === "not"
  );
}
