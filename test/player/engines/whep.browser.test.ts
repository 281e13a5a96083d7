import { expect } from 'chai';
import { clearFaults, requestLog, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { watchPeers, type WatchedPeers } from '../../webcaster/support/watched-peers.js';
import { HANG_LIMIT_MS } from '../../support/wait.js';
import { mountWebcaster, pause, until } from '../../webcaster/support/webcaster-fixture.js';
import { mountPlayer, playFor } from '../support/player-fixture.js';

/** Frames that the player's video element has shown. */
function framesOf(player: HTMLElement): number {
  const video = player.shadowRoot?.querySelector('video');
  return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
}

/** Resolves when so many more frames are shown. */
function moreFrames(player: HTMLElement, count: number): Promise<void> {
  const from = framesOf(player);
  return until(() => framesOf(player) >= from + count, `${String(count)} more frames`);
}

describe('engine="whep"', () => {
  let stream = '';
  let watched: WatchedPeers;
  /** Not where the tests are skipped. */
  let stopWatching: (() => void) | undefined;

  const play = (attributes: Record<string, string> = {}) =>
    mountPlayer({ src: `/whep/${stream}`, engine: 'whep', attributes });

  before(async function () {
    skipUnless('webrtc h264', this);
    const { webcaster } = mountWebcaster();
    stream = webcaster.stream ?? '';
    await webcaster.startBroadcast();
    watched = watchPeers();
    stopWatching = () => watched.stop();
  });

  afterEach(async () => {
    for (const player of document.querySelectorAll('secure-player')) player.remove();
    await clearFaults();
  });

  after(() => {
    stopWatching?.();
    for (const webcaster of document.querySelectorAll('secure-webcaster')) webcaster.remove();
  });

  it('plays at live, pauses, plays on, is muted, and has no open connection or session after its removal', async () => {
    const { player, events } = play();
    await playFor(player, 0.5);
    await moreFrames(player, 10);
    expect([player.streamType, player.muted, player.duration]).to.deep.equal(['live', true, Infinity]);
    expect(player.currentTime - (player.liveEdgeStart ?? NaN)).to.be.closeTo(5, 0.5);
    player.pause();
    await pause(100);
    const paused = player.currentTime;
    await pause(300);
    expect(player.currentTime).to.equal(paused);
    await player.play();
    await moreFrames(player, 10);
    await until(() => JSON.stringify(player.diagnostics()).includes('"videoCodec":"H264"'), 'statistics');
    player.remove();
    await until(
      () => watched.peers.every(({ connectionState }) => connectionState === 'closed'),
      'closed connections',
    );
    expect(player.shadowRoot?.querySelector('video')?.srcObject).to.equal(null);
    const ofPlayer = async () =>
      (await requestLog()).filter(({ path }) => path.startsWith(`/whep/${stream}`));
    await until(
      async () => (await ofPlayer()).some(({ method, status }) => method === 'DELETE' && status === 200),
      'DELETE',
    );
    expect(events).not.to.include('secure-error:');
    expect((await ofPlayer()).every(({ path }) => !path.includes('token='))).to.equal(true);
  });

  it('answers an offer of the server, brings it each new token, and shows a picture again after the server has ended the session', async () => {
    await setFaults({ whep: { counterOffer: true }, tokens: { ttlSeconds: 4 } });
    const peersBefore = watched.peers.length;
    const { player, events } = play();
    await moreFrames(player, 10);
    const isBrought = async () =>
      (await requestLog()).some(
        ({ method, path, status }) =>
          method === 'GET' && path.startsWith(`/whep/${stream}/`) && status === 204,
      );
    await until(isBrought, 'a request with the next token');
    expect(watched.peers.length - peersBefore, 'sessions').to.equal(1);
    const { currentTime } = player;
    await setFaults({ whep: { kill: stream } });
    const killedMs = performance.now();
    await until(() => watched.peers.length - peersBefore > 1, 'another session');
    await moreFrames(player, 5);
    expect(performance.now() - killedMs).to.be.lessThan(HANG_LIMIT_MS);
    expect(player.currentTime).to.be.greaterThan(currentTime);
    expect(player.paused).to.equal(false);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
  });
});
