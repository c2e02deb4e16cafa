/** Works the value out when it is first asked for and keeps it: data costs nothing until somebody hovers. */
export function lazy<T>(make: () => T): () => T {
  let value: { readonly made: T } | undefined;
  return () => {
    value ??= { made: make() };
    return value.made;
  };
}
