/** A value that others follow.
 * @template T
 */
export class Store {
  /** @param {T} value */
  constructor(value) {
    this.value = value;
    /** @type {Set<(value: T) => void>} */
    this.followers = new Set();
  }

  /** Replaces the value, and tells who follows it. @param {T} value */
  set(value) {
    this.value = value;
    for (const tell of this.followers) tell(value);
  }

  /** @param {(value: T) => void} tell @returns {() => void} ends it */
  follow(tell) {
    this.followers.add(tell);
    return () => this.followers.delete(tell);
  }
}
