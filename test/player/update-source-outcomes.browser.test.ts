import { expect } from 'chai';
import { backendOrigin, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor } from './support/player-fixture.js';

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

describe('the outcome of updateSource', () => {
  afterEach(cleanPage);

  it('finds the same source unchanged', async () => {
    const { player, events } = await mountSource('demo-low');
    expect(await player.updateSource(single('demo-low'))).to.deep.equal({ status: 'unchanged' });
    expect(events).to.include('secure-source-updated');
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
