import type {} from '@gatecast/player';
import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';

function requestedAtMs(part: string): number[] {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.includes(part))
    .map(({ startTime }) => startTime);
}

describe('gatecast.js in a page with a player', () => {
  it('loads the webcaster’s code after the first picture', async function () {
    this.timeout(30_000);
    const player = document.createElement('secure-player');
    player.setAttribute('src', `${backendOrigin()}/live/demo.m3u8`);
    player.setAttribute('token-url', `${backendOrigin()}/api/tokens`);
    player.setAttribute('muted', '');
    const pictureAtMs = new Promise<number>((resolve) => {
      player.addEventListener('loadeddata', () => resolve(performance.now()), { once: true });
    });
    document.body.append(player);
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/.build/gatecast/gatecast.js';
    document.head.append(script);
    await customElements.whenDefined('secure-webcaster');
    const [webcasterAtMs = 0] = requestedAtMs('gatecast-rest-');
    expect(webcasterAtMs).to.be.greaterThan(0);
    // A hint of a millisecond, since resource times are coarse in some engines.
    expect(webcasterAtMs + 2).to.be.greaterThan(await pictureAtMs);
    player.remove();
  });
});
