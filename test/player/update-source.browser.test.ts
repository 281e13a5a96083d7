import { expect } from 'chai';
import { backendOrigin, requestLog, setFaults } from '../support/backend.js';
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

  it('finds the same source unchanged', async () => {
    const { player, events } = await mountSource('demo-low');
    expect(await player.updateSource(single('demo-low'))).to.deep.equal({ status: 'unchanged' });
    expect(events).to.include('secure-source-updated');
  });

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

  it('keeps the distance to the live edge', async () => {
    const { player } = await mountSource('demo-low');
    player.currentTime -= 8;
    await nextEvent(player, 'seeked');
    await playFor(player, 1);
    const behind = () => player.seekable.end(0) - player.currentTime;
    const before = behind();
    await player.updateSource(single('demo-high'));
    await playFor(player, 1);
    // A busy machine falls further behind while it loads.
    expect(behind()).to.be.within(before - 3, before + 6);
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

  it('plays the old source, without an error, when the next one fails after it has started', async () => {
    const { player, events } = await mountSource('demo-low');
    // Otherwise hls.js tries for half a minute.
    const limits = {
      maxTimeToFirstByteMs: 9000,
      maxLoadTimeMs: 20_000,
      timeoutRetry: null,
      errorRetry: null,
    };
    player.hlsConfig = { fragLoadPolicy: { default: limits } };
    const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', '#EXTINF:2,', `${backendOrigin()}/nothing.ts`];
    const playlist = new Blob([[...lines, '#EXT-X-ENDLIST'].join('\n')]);
    const hls = URL.createObjectURL(playlist);
    const outcome = await player.updateSource({ entries: [{ index: 0, hls, stream: 'demo-low' }] }).then(
      () => 'updated',
      (reason: unknown) => (reason as { code: string }).code,
    );
    URL.revokeObjectURL(hls);
    expect(outcome).to.be.oneOf(['source-not-found', 'source-unreachable', 'media-failed']);
    await playFor(player, 1);
    expect([player.error, player.paused, player.videoHeight]).to.deep.equal([null, false, 360]);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    expect(player.source).to.deep.equal(single('demo-low'));
  });

  it('ends the error of the old source', async () => {
    const { player } = mountPlayer({ src: '/live/nobody.m3u8' });
    await nextEvent(player, 'secure-error');
    expect(player.error).not.to.equal(null);
    await player.updateSource(single('demo-low'));
    await nextEvent(player, 'playing');
    expect(player.error).to.equal(null);
  });

  it('is superseded by a later call', async () => {
    const { player } = await mountSource('demo-low');
    await setFaults({ media: { latencyMs: 400 } });
    const first = player.updateSource(single('demo-medium'));
    const second = player.updateSource(single('demo-high'));
    expect(await first).to.deep.equal({ status: 'superseded' });
    expect(await second).to.deep.equal({ status: 'updated' });
    await setFaults({ media: { latencyMs: 0 } });
    await playFor(player, 2);
    expect(player.videoHeight).to.equal(720);
  });

  it('ends with the caller’s signal, and keeps playing the old source', async () => {
    const { player } = await mountSource('demo-low');
    await setFaults({ media: { latencyMs: 400 } });
    const controller = new AbortController();
    const update = player.updateSource(single('demo-high'), { signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    const reason = await update.then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(reason?.message).to.equal('changed my mind');
    await setFaults({ media: { latencyMs: 0 } });
    await playFor(player, 2);
    expect(player.videoHeight).to.equal(360);
  });
});
