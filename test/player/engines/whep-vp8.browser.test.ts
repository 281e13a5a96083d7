import { expect } from 'chai';
import { requestLog } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountWebcaster, until } from '../../webcaster/support/webcaster-fixture.js';
import { watchPeers, type WatchedPeers } from '../../webcaster/support/watched-peers.js';
import { mountPlayer, playFor } from '../support/player-fixture.js';

/** A picture that changes 30 times a second. */
function drawMoving(): { readonly media: MediaStream; readonly stop: () => void } {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d');
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    if (!context) return;
    context.fillStyle = `hsl(${String(count * 7)} 80% 50%)`;
    context.fillRect(0, 0, 320, 240);
  }, 33);
  return {
    media: canvas.captureStream(30),
    stop: () => {
      clearInterval(timer);
    },
  };
}

describe('WHIP and WHEP where H.264 is not needed', () => {
  let picture: ReturnType<typeof drawMoving> | undefined;
  let watched: WatchedPeers | undefined;

  after(() => {
    picture?.stop();
    watched?.stop();
    for (const element of document.querySelectorAll('secure-player, secure-webcaster')) element.remove();
  });

  it('goes on air, plays, has its token renewed, and leaves no session', async function () {
    skipUnless('webrtc vp8', this);
    watched = watchPeers();
    picture = drawMoving();
    const { webcaster, events: sent } = mountWebcaster({ codec: 'vp8' });
    webcaster.mediaStream = picture.media;
    await webcaster.startBroadcast();
    const stream = webcaster.stream ?? '';
    const { player, events } = mountPlayer({ src: `/whep/${stream}`, engine: 'whep' });
    // Firefox counts no frames of a stream at its media element.
    const shown = () => Number(/"framesDecoded":(\d+)/.exec(JSON.stringify(player.diagnostics()))?.[1] ?? 0);
    await player.play();
    await until(() => shown() > 10, 'pictures');
    await until(() => JSON.stringify(player.diagnostics()).includes('"videoCodec":"VP8"'), 'statistics');
    expect([player.videoWidth, player.videoHeight]).to.deep.equal([320, 240]);
    const requests = async (method: string, status: number, protocol: string) =>
      (await requestLog()).filter(
        (entry) =>
          entry.method === method &&
          entry.status === status &&
          entry.path.startsWith(`/${protocol}/${stream}/`),
      ).length;
    await player.refreshToken();
    await until(async () => (await requests('GET', 204, 'whep')) > 0, 'the session to get the next token');
    const before = shown();
    await until(() => shown() > before + 5, 'more pictures');
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    player.remove();
    await until(async () => (await requests('DELETE', 200, 'whep')) === 1, 'DELETE of the viewer');
    await webcaster.stopBroadcast();
    await until(async () => (await requests('DELETE', 200, 'whip')) === 1, 'DELETE of the publisher');
    expect(sent.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    await until(
      () => watched?.peers.every(({ connectionState }) => connectionState === 'closed') === true,
      'closed connections',
    );
  });

  it('plays sound alone, by itself and after play()', async function () {
    skipUnless('webrtc', this);
    const { webcaster } = mountWebcaster({ capture: 'audio' });
    await webcaster.startBroadcast();
    const whep = { src: `/whep/${webcaster.stream ?? ''}`, engine: 'whep' };
    const { player, events } = mountPlayer(whep);
    const { player: clicked, events: ofClicked } = mountPlayer({
      ...whep,
      prepare: (each) => each.removeAttribute('autoplay'),
    });
    await Promise.all([clicked.play(), playFor(player, 0.3), playFor(clicked, 0.3)]);
    expect([player.paused, clicked.paused, player.readyState]).to.deep.equal([false, false, 4]);
    expect([...events, ...ofClicked].filter((each) => each.startsWith('secure-error'))).to.deep.equal([]);
  });
});
