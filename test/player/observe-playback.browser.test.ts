import { expect } from 'chai';
import { observePlayback, type PlaybackObservation } from '@gatecast/player/analytics';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

describe('observePlayback of a player', () => {
  afterEach(cleanPage);

  it('tells a view from its start to the removal of the player, without a token', async () => {
    const seen: PlaybackObservation[] = [];
    const startedMs = performance.now();
    const { player } = mountPlayer({
      src: '/live/demo.m3u8',
      prepare: (each) => void observePlayback(each, (event) => seen.push(event), { heartbeatMs: 1000 }),
    });
    await nextEvent(player, 'playing');
    const playingMs = performance.now() - startedMs;
    const hasWatched = (each: PlaybackObservation): boolean =>
      each.type === 'heartbeat' && each.watchedMs > 300;
    await until(() => seen.some(hasWatched), 'a heartbeat');
    await player.refreshToken();
    player.remove();
    await until(() => seen.at(-1)?.type === 'view-end', 'the end');

    const types = new Set(seen.map(({ type }) => type));
    for (const type of ['view-start', 'token-refreshed', 'rendition', 'first-frame'] as const)
      expect(types.has(type), type).to.equal(true);
    const first = seen.find((each) => each.type === 'first-frame');
    expect(first?.type === 'first-frame' && first.startupMs).to.be.within(1, playingMs + 50);
    const end = seen.at(-1);
    expect(end?.type === 'view-end' && [end.reason, end.startupMs]).to.deep.equal([
      'removed',
      first?.type === 'first-frame' && first.startupMs,
    ]);
    expect(end?.type === 'view-end' && end.watchedMs).to.be.above(300);
    expect(seen.map(({ sequence }) => sequence)).to.deep.equal(seen.map((_, index) => index));
    expect(new Set(seen.map(({ viewId }) => viewId)).size).to.equal(1);
    expect(seen.at(-1)?.stream).to.equal('demo');
    expect(JSON.stringify(seen)).to.not.match(/eyJ|token=|http/);
  });

  it('shows a player with a title to the system, and clears that when it leaves', async () => {
    const { player } = mountPlayer({
      src: '/live/demo-vod.m3u8',
      attributes: { 'video-title': 'A title', poster: 'data:image/png;base64,iVBORw0KGgo=' },
    });
    await nextEvent(player, 'playing');
    await until(() => navigator.mediaSession.metadata?.title === 'A title', 'the title');
    expect(navigator.mediaSession.metadata?.artwork[0]?.src).to.match(/^data:image/);
    expect(navigator.mediaSession.playbackState).to.equal('playing');
    await playFor(player, 0.2);
    player.remove();
    await until(() => navigator.mediaSession.metadata === null, 'the end of the session');
  });
});
