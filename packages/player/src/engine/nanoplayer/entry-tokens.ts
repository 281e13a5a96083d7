import type { Cancel, Token, TokenValue } from '@gatecast/token';
import type { ResolvedSource } from '../../source/player-source.js';
import { vendorToken, type StreamTokens } from '@gatecast/element';

/** The tokens of all entries: those that the vendor's player has, and newer ones for its next update. */
export class EntryTokens {
  readonly #tokens: StreamTokens | null;
  #streams: readonly string[];
  #collected: ReadonlyMap<string, Token> = new Map();
  #applied: ReadonlyMap<string, Token> = new Map();

  constructor(source: ResolvedSource, tokens: StreamTokens | null) {
    this.#tokens = tokens;
    this.#streams = streamsOf(source);
  }

  /** Does the page say where tokens come from? */
  get exist(): boolean {
    return this.#tokens !== null;
  }

  /** Waits until there is a fresh token for every entry. @throws GatecastError why there is none. */
  async collect(signal: AbortSignal): Promise<void> {
    await this.#gather((tokens, stream) => tokens.get(stream, { signal }));
  }

  /**
   * Waits until there is a fresh token for every entry of another source.
   *
   * @returns a function that changes to that source and its tokens.
   * @throws GatecastError why there is none.
   */
  async collectFor(source: ResolvedSource, signal: AbortSignal): Promise<() => void> {
    const next = new EntryTokens(source, this.#tokens);
    await next.collect(signal);
    return () => {
      this.#streams = next.#streams;
      this.#collected = next.#collected;
    };
  }

  /**
   * Replaces the refused token of a stream and gets fresh ones for the other streams.
   *
   * @throws GatecastError why there is none; `token-rejected` when the refused token was itself fresh.
   */
  async replace(refused: string, signal: AbortSignal): Promise<void> {
    await this.#gather((tokens, stream) => {
      const applied = stream === refused ? this.#applied.get(stream) : undefined;
      return applied ? tokens.rejected(stream, applied.version, { signal }) : tokens.get(stream, { signal });
    });
  }

  /** Reports that the server has accepted the token of a stream. */
  accepted(stream: string): void {
    const applied = this.#applied.get(stream);
    if (applied) this.#tokens?.accepted(stream, applied.version);
  }

  /** The collected tokens by stream; from now on they count as those that the player has. */
  apply(): ReadonlyMap<string, TokenValue> {
    this.#applied = this.#collected;
    return new Map([...this.#applied].map(([stream, token]) => [stream, token.value]));
  }

  /** Is there a newer token than the player's, or does the player's end within `marginMs`? */
  isOld(stream: string, marginMs: number): boolean {
    const applied = this.#applied.get(stream);
    if (!this.#tokens || !applied) return false;
    const inHand = this.#tokens.peek(stream);
    if (inHand && inHand.version !== applied.version) return true;
    return applied.expiresAtMs !== null && applied.expiresAtMs - this.#tokens.now() < marginMs;
  }

  isAnyOld(): boolean {
    return this.#streams.some((stream) => this.isOld(stream, 0));
  }

  /** Calls back once for all tokens that arrive together. */
  onRefreshed(listener: () => void): Cancel {
    let isDue = false;
    const cancel = this.#tokens?.onRefreshed((stream) => {
      if (isDue || !this.#streams.includes(stream)) return;
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        listener();
      });
    });
    return cancel ?? (() => undefined);
  }

  async #gather(ask: (tokens: StreamTokens, stream: string) => Promise<Token>): Promise<void> {
    const tokens = this.#tokens;
    if (!tokens) return;
    const streams = this.#streams;
    const entries = streams.map(async (stream) => [stream, await ask(tokens, stream)] as const);
    const collected = new Map(await Promise.all(entries));
    for (const { value } of collected.values()) vendorToken(value);
    // The source may have changed meanwhile.
    if (streams === this.#streams) this.#collected = collected;
  }
}

function streamsOf(source: ResolvedSource): readonly string[] {
  return [...new Set(source.entries.map((entry) => entry.stream))];
}
