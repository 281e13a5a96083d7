import { expect } from 'chai';
import type { SecurePlayer } from '@gatecast/player';
import { backendOrigin, clearFaults, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountWebcaster, until } from '../../webcaster/support/webcaster-fixture.js';
import { mountPlayer, playFor } from '../support/player-fixture.js';

describe('a source with WHEP and HLS, engine="auto"', () => {
  let stream = '';

  /** A player of both, with the engines that have played, by reason. */
  function mount(): { player: SecurePlayer; engines: string[]; events: string[] } {
    const engines: string[] = [];
    const { player, events } = mountPlayer({
      prepare: (created) => {
        created.source = {
          entries: [
            { hls: `${backendOrigin()}/live/${stream}.m3u8`, whep: `${backendOrigin()}/whep/${stream}` },
          ],
        };
        created.addEventListener('secure-engine-changed', ({ engine, reason }) => {
          engines.push(`${engine}: ${reason}`);
        });
      },
    });
    return { player, engines, events };
  }

  before(async function () {
    skipUnless('webrtc h264', this);
    const { webcaster } = mountWebcaster();
    stream = webcaster.stream ?? '';
    await webcaster.startBroadcast();
    const hls = mountPlayer({ src: `/live/${stream}.m3u8`, engine: 'hls', attributes: { wait: '' } });
    await playFor(hls.player, 0.3);
    hls.player.remove();
  });

  afterEach(async () => {
    for (const player of document.querySelectorAll('secure-player')) player.remove();
    await clearFaults();
  });

  after(() => {
    for (const webcaster of document.querySelectorAll('secure-webcaster')) webcaster.remove();
  });

  it('plays HLS where WebRTC is blocked, and WHEP when it is possible again, without a reload', async () => {
    await setFaults({ whep: { block: 'media' } });
    const { player, engines, events } = mount();
    await playFor(player, 0.3);
    expect(engines).to.deep.equal(['hls: blocked']);
    expect(player.activeEngine).to.equal('hls');
    player.muted = true;
    player.volume = 0.4;
    await clearFaults();
    // As a device does that has its network back.
    window.dispatchEvent(new Event('online'));
    await until(() => engines.length === 2, 'WHEP again');
    expect(engines).to.deep.equal(['hls: blocked', 'whep: restored']);
    await playFor(player, 0.3);
    expect([player.paused, player.muted, player.volume]).to.deep.equal([false, true, 0.4]);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
  });

  it('plays HLS where the server refuses', async () => {
    await setFaults({ whep: { refuse: { status: 503 } } });
    const { player, engines } = mount();
    await playFor(player, 0.3);
    expect(engines).to.deep.equal(['hls: refused']);
  });

  it('plays HLS at once in a browser without WebRTC, and never asks the WHEP server', async () => {
    const { RTCPeerConnection } = globalThis;
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    try {
      performance.clearResourceTimings();
      const { player, engines } = mount();
      await playFor(player, 0.3);
      window.dispatchEvent(new Event('online'));
      await playFor(player, 0.2);
      const requested = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      expect(requested.filter((path) => path.startsWith('/whep/'))).to.deep.equal([]);
      expect([player.activeEngine, engines]).to.deep.equal(['hls', []]);
    } finally {
      globalThis.RTCPeerConnection = RTCPeerConnection;
    }
  });
});
