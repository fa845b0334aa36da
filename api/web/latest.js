/** Requests of one kind, of which only the latest counts: those before it are given up. */
export class Latest {
  #under = new AbortController();

  /** @returns {AbortSignal} of what begins now */
  begin() {
    this.giveUp();
    this.#under = new AbortController();
    return this.#under.signal;
  }

  giveUp() {
    this.#under.abort();
  }
}
