import type { Cancel, GetOptions, Token, TokenManager } from '@gatecast/token';
import type { EngineTokens } from '../engine/engine.js';

/** A playback's tokens for engines under which a player signs its own requests. */
export class RefreshedTokens implements EngineTokens {
  readonly #manager: () => TokenManager;
  readonly #listeners = new Set<(stream: string) => void>();

  /** @param manager - asked each time: the page may change where tokens come from. */
  constructor(manager: () => TokenManager) {
    this.#manager = manager;
  }

  get(stream: string, options?: GetOptions): Promise<Token> {
    return this.#manager().get(stream, options);
  }

  peek(stream: string): Token | null {
    return this.#manager().peek(stream);
  }

  refresh(stream: string, options?: GetOptions): Promise<Token> {
    return this.#manager().refresh(stream, options);
  }

  rejected(stream: string, version: number, options?: GetOptions): Promise<Token> {
    return this.#manager().rejected(stream, version, options);
  }

  accepted(stream: string, version: number): void {
    this.#manager().accepted(stream, version);
  }

  now(): number {
    return this.#manager().serverClock.now();
  }

  onRefreshed(listener: (stream: string) => void): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tellRefreshed(stream: string): void {
    for (const listener of [...this.#listeners]) listener(stream);
  }
}
