import '@gatecast/player/define';
import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin } from '../../support/backend.js';

/** A player in the page, with what happened to it. */
export interface PlayerFixture {
  readonly player: SecurePlayer;
  /** Kit events in order, as `type` or `type:detail`. */
  readonly events: string[];
}

export type PlayerSetup = Partial<Record<'src' | 'stream' | 'engine', string>> & {
  /** More attributes. */
  attributes?: Record<string, string>;
  /** Runs before the element is in the page. */
  prepare?: (player: SecurePlayer) => void;
};

const EVENTS = [
  'secure-token-refreshed',
  'secure-token-failed',
  'secure-source-updated',
  'secure-entry-changed',
  'secure-error',
] as const;

/** Puts a muted, autoplaying player of the demo's stream into the page. */
export function mountPlayer({
  src = '/live/demo-low.m3u8',
  attributes = {},
  prepare,
  ...rest
}: PlayerSetup = {}): PlayerFixture {
  const player = document.createElement('secure-player');
  const events: string[] = [];
  for (const type of EVENTS) {
    player.addEventListener(type, (event) => {
      const detail = 'reason' in event ? event.reason : 'error' in event ? event.error.code : '';
      events.push(detail ? `${type}:${detail}` : type);
    });
  }
  const all: Record<string, string> = {
    'token-url': `${backendOrigin()}/api/tokens`,
    src: new URL(src, backendOrigin()).href,
    muted: '',
    autoplay: '',
    ...rest,
    ...attributes,
  };
  for (const [name, value] of Object.entries(all)) player.setAttribute(name, value);
  prepare?.(player);
  document.body.append(player);
  return { player, events };
}

/** Resolves with the first event of a type; rejects after `timeoutMs`, or on a fatal error while waiting for another. */
export function nextEvent<K extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  type: K,
  timeoutMs = 15_000,
): Promise<HTMLElementEventMap[K]> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const timer = setTimeout(() => {
      end.abort();
      reject(new Error(`No "${type}" within ${timeoutMs} ms.`));
    }, timeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      end.abort();
      finish();
    };
    target.addEventListener(
      type,
      (event) => {
        settle(() => {
          resolve(event);
        });
      },
      { signal: end.signal },
    );
    if (type !== 'secure-error') {
      target.addEventListener(
        'secure-error',
        ({ error }) => {
          settle(() => {
            reject(new Error(`${error.code}: ${error.message} `));
          });
        },
        { signal: end.signal },
      );
    }
  });
}

/** Resolves when the player's clock has moved by so many seconds from now, or from where it began anew. */
export async function playFor(player: SecurePlayer, seconds: number, timeoutMs = 20_000): Promise<void> {
  let start = player.currentTime;
  const deadline = performance.now() + timeoutMs;
  while (player.currentTime < start + seconds) {
    start = Math.min(start, player.currentTime);
    if (performance.now() > deadline) {
      throw new Error(
        `Played ${(player.currentTime - start).toFixed(2)} of ${seconds} s: ${JSON.stringify(player.diagnostics())}`,
      );
    }
    await pause(50);
  }
}

/** Resolves when a predicate holds; looks every 20 ms. */
export async function until(holds: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * A picture is measured against 150 ms while other browsers share the machine, which may hold one up for longer by
 * itself: what is measured too long is measured once more.
 */
export const STALL_RETRIES = 1;

/** Longest time, in milliseconds, that the player's clock stood still while it was watched. */
export class StallMeter {
  readonly #player: SecurePlayer;
  #isRunning = true;
  #lastTime: number;
  #lastMoveMs = performance.now();
  longestMs = 0;

  constructor(player: SecurePlayer) {
    this.#player = player;
    this.#lastTime = player.currentTime;
    this.#tick();
  }

  stop(): number {
    this.#isRunning = false;
    return this.longestMs;
  }

  #tick(): void {
    if (!this.#isRunning) return;
    const nowMs = performance.now();
    if (this.#player.currentTime !== this.#lastTime) {
      this.#lastTime = this.#player.currentTime;
      this.#lastMoveMs = nowMs;
    }
    this.longestMs = Math.max(this.longestMs, nowMs - this.#lastMoveMs);
    setTimeout(() => {
      this.#tick();
    }, 10);
  }
}
