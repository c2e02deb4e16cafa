/** What was worked out about an object, kept with that object. */

/**
 * A table from objects to what was worked out about them, like a WeakMap, and it must be one in meaning: copies
 * of an object know nothing, and what is kept goes when the object goes.
 *
 * It is no WeakMap because of how V8 collects garbage: the frequent collection of young objects keeps every value of
 * a WeakMap, whatever became of its key. Values that mention their key (findings of a system, say) then carry
 * one model after the other into the old generation, which costs more than all rules together.
 */
export class Memo<Key extends object, Value> {
  readonly #slot = Symbol("memo");

  get(key: Key): Value | undefined {
    return (key as { readonly [slot: symbol]: Value | undefined })[this.#slot];
  }

  set(key: Key, value: Value): void {
    // Not enumerable: `{ ...key }` must not take it along.
    Object.defineProperty(key, this.#slot, { value, writable: true, configurable: true, enumerable: false });
  }
}
