import { expect } from 'chai';
import { backendOrigin, requestLog } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mintToken } from './support/mint-token.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

const single = (stream: string, token?: string) => ({
  entries: [
    {
      index: 0,
      hls: `${backendOrigin()}/live/${stream}.m3u8`,
      ...(token && { h5live: { security: { jwtoken: token } } }),
    },
  ],
});

async function mountSource(stream: string) {
  const fixture = mountPlayer({
    prepare: (player) => {
      player.removeAttribute('src');
      player.source = single(stream);
    },
  });
  await nextEvent(fixture.player, 'playing');
  await playFor(fixture.player, 2);
  return fixture;
}

describe('updateSource', () => {
  afterEach(cleanPage);

  it('swaps a token in place without interrupting playback', async () => {
    const { player } = await mountSource('demo-low');
    const token = await mintToken('demo-low');
    const sinceMs = Date.now();
    const meter = await StallMeter.start(player);
    expect(await player.updateSource(single('demo-low', token))).to.deep.equal({ status: 'updated' });
    await playFor(player, 4);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
    expect(log.filter((line) => line.kind === 'init')).to.have.length(0);
    expect(log.some((line) => line.kind === 'segment' && line.tokenTail === token.slice(-6))).to.equal(true);
  });

  it('switches to another stream and continues to play', async () => {
    const { player } = await mountSource('demo-low');
    expect(await player.updateSource(single('demo-high'))).to.deep.equal({ status: 'updated' });
    await playFor(player, 2);
    expect(player.videoHeight).to.equal(720);
    expect(player.paused).to.equal(false);
    expect(player.source).to.deep.equal(single('demo-high'));
  });

  it('keeps a paused player paused, with autoplay too; another src starts by autoplay', async () => {
    const { player } = await mountSource('demo-low');
    player.pause();
    await nextEvent(player, 'pause');
    expect(await player.updateSource(single('demo-high'))).to.deep.equal({ status: 'updated' });
    await until(() => player.videoHeight === 720, 'the other stream');
    await until(() => player.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA, 'its media');
    await pause(200);
    expect(player.paused).to.equal(true);
    player.source = single('demo-low');
    await nextEvent(player, 'playing');
  });

  it('keeps playing the old source when the next one cannot be played', async () => {
    const { player, events } = await mountSource('demo-low');
    const meter = await StallMeter.start(player);
    const error = await player.updateSource(single('nobody')).then(
      () => null,
      (reason: unknown) => reason as { code: string },
    );
    expect(error?.code).to.be.oneOf([
      'source-not-found',
      'token-refused',
      'token-endpoint-failed',
      'token-rejected',
    ]);
    await playFor(player, 2);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    expect(player.videoHeight).to.equal(360);
  });
});
