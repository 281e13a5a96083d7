import '@gatecast/player/define';
import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin } from '../../support/backend.js';
import { HANG_LIMIT_MS, pause } from '../../support/wait.js';

export { pause, until } from '../../support/wait.js';

/** A player in the page, with its events. */
export interface PlayerFixture {
  readonly player: SecurePlayer;
  /** Gatecast events in order, as `type` or `type:detail`. */
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

/** Resolves with the first event of a type; rejects when none comes, or on a fatal error while waiting for another. */
export function nextEvent<K extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  type: K,
): Promise<HTMLElementEventMap[K]> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const timer = setTimeout(() => {
      end.abort();
      reject(new Error(`No "${type}" within ${HANG_LIMIT_MS / 1000} s.`));
    }, HANG_LIMIT_MS);
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

/**
 * Resolves when media time has advanced by so many seconds from now, or from a new start.
 * @throws Error when it does not advance in time.
 */
export async function playFor(player: SecurePlayer, seconds: number): Promise<void> {
  let start = player.currentTime;
  let lastTime = start;
  let movedAtMs = performance.now();
  while (player.currentTime < start + seconds) {
    const { currentTime } = player;
    start = Math.min(start, currentTime);
    if (currentTime !== lastTime) movedAtMs = performance.now();
    lastTime = currentTime;
    if (performance.now() - movedAtMs > HANG_LIMIT_MS) {
      throw new Error(
        `Played ${(currentTime - start).toFixed(2)} of ${seconds} s: ${JSON.stringify(player.diagnostics())}`,
      );
    }
    await pause(50);
  }
}
