import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin, openMediaOrigin, requestLog } from '../../support/backend.js';
import { mountPlayer, nextEvent, until, type PlayerSetup } from './player-fixture.js';

/** A player on the browser's own HLS, behind the demo's playlist signer. */
export function mountSigned(setup: PlayerSetup = {}) {
  return mountPlayer({
    engine: 'native',
    ...setup,
    attributes: {
      'playlist-signer': `${backendOrigin()}/hls/sign`,
      'token-credentials': 'include',
      ...setup.attributes,
    },
  });
}

/** Plays for the first seconds, in which the browser still adjusts its position in a live stream. */
export async function settle(player: SecurePlayer): Promise<void> {
  await nextEvent(player, 'playing');
  await until(() => player.currentTime > 3, 'steady playback');
}

/** How many media requests were refused. */
export async function refusedSince(sinceMs: number): Promise<number> {
  const entries = await requestLog({ sinceMs });
  return entries.filter(({ status, kind }) => (status === 401 || status === 403) && kind !== 'token').length;
}

/** The browser's own HLS on an unsigned copy, which can load its URL again. */
export class ReloadedControl {
  readonly #video = document.createElement('video');
  /** Duration of each reload until playback continued. */
  readonly gapsMs: number[] = [];
  #reloads = 0;

  constructor() {
    this.#video.muted = true;
    this.#video.autoplay = true;
    document.body.append(this.#video);
    this.#load();
  }

  reload(): void {
    const startedMs = performance.now();
    this.#load();
    this.#video.addEventListener('playing', () => this.gapsMs.push(performance.now() - startedMs), {
      once: true,
    });
  }

  remove(): void {
    this.#video.removeAttribute('src');
    this.#video.load();
    this.#video.remove();
  }

  #load(): void {
    this.#reloads += 1;
    this.#video.src = `${openMediaOrigin()}/live/demo-low.m3u8?load=${this.#reloads}`;
  }
}
