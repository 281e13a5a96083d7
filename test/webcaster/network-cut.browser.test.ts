import '@gatecast/player/define';
import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { backendOrigin, clearFaults, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { mountWebcaster, pause, unmountAll, until } from './support/webcaster-fixture.js';

/** Duration of the network cut by the studio's button. */
const CUT_MS = 10_000;

function watch(stream: string): SecurePlayer {
  const player = document.createElement('secure-player');
  Object.assign(player, { muted: true, autoplay: true });
  player.setAttribute('src', `${backendOrigin()}/live/${stream}.m3u8`);
  player.setAttribute('token-url', `${backendOrigin()}/api/tokens`);
  document.body.append(player);
  return player;
}

/** Cuts the network of page and server, as far as the browser allows. */
async function cutNetwork(): Promise<void> {
  await setFaults({
    tokens: { down: true },
    media: { down: true },
    ingest: { refuse: { retryAfterSeconds: 1 }, kill: true },
  });
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  dispatchEvent(new Event('offline'));
}

async function mendNetwork(): Promise<void> {
  await clearFaults();
  Reflect.deleteProperty(navigator, 'onLine');
  dispatchEvent(new Event('online'));
}

describe('<secure-player> that loses the network during a broadcast', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    document.querySelector('secure-player')?.remove();
    await mendNetwork();
    await unmountAll();
  });

  it('continues when the network is back', async function () {
    const { webcaster } = mountWebcaster();
    await webcaster.startBroadcast();
    const player = watch(webcaster.stream ?? '');
    const events: string[] = [];
    for (const type of ['ended', 'emptied', 'secure-error']) {
      player.addEventListener(type, () => events.push(type));
    }
    await until(() => player.currentTime > 1, 'playback');
    events.length = 0;
    await cutNetwork();
    await pause(CUT_MS);
    const stoppedAt = player.currentTime;
    await mendNetwork();
    await until(() => webcaster.state === 'live', 'live again');
    // Less than a second of media was in flight when the network was cut.
    await until(() => player.currentTime > stoppedAt + 1, 'more playback');
    expect(events).to.deep.equal([]);
  });
});
