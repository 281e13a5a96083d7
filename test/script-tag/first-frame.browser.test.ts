import type {} from '@gatecast/player';
import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';

function requestedAtMs(part: string): number[] {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.includes(part))
    .map(({ startTime }) => startTime);
}

/** Longest wait for a player that does not start by itself (`gatecast.ts`). */
const START_LIMIT_MS = 3000;

describe('gatecast.js in a page with a player', () => {
  it('loads the webcaster’s code after the first picture', async () => {
    const player = document.createElement('secure-player');
    player.setAttribute('src', `${backendOrigin()}/live/demo.m3u8`);
    player.setAttribute('token-url', `${backendOrigin()}/api/tokens`);
    player.setAttribute('muted', '');
    const pictureAtMs = new Promise<number>((resolve) => {
      // Added before the listener of gatecast.js, which is on the document too.
      document.addEventListener('loadeddata', () => resolve(performance.now()), {
        capture: true,
        once: true,
      });
    });
    document.body.append(player);
    const startedAtMs = performance.now();
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/.build/gatecast/gatecast.js';
    document.head.append(script);
    await customElements.whenDefined('secure-webcaster');
    const [webcasterAtMs = 0] = requestedAtMs('gatecast-rest-');
    expect(webcasterAtMs).to.be.greaterThan(0);
    const mayLoadAtMs = Math.min(await pictureAtMs, startedAtMs + START_LIMIT_MS);
    // A tolerance of 2 ms, because resource times are coarse in some engines.
    expect(webcasterAtMs + 2).to.be.greaterThan(mayLoadAtMs);
    player.remove();
  });
});
