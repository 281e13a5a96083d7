import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

describe('<secure-player> taken out of the page and put back', () => {
  afterEach(cleanPage);

  it('continues a recording, and keeps a pause, with what the viewer has set', async () => {
    const playing = mountPlayer({ src: '/live/demo-vod.m3u8' }).player;
    const paused = mountPlayer({ src: '/live/demo-vod.m3u8' }).player;
    const live = mountPlayer({ src: '/live/demo.m3u8' }).player;
    const players = [playing, paused, live];
    await Promise.all(players.map((player) => nextEvent(player, 'playing')));
    // The part that keeps the state loads after the first frame, and fills this list.
    await until(() => players.every(({ videoRenditions }) => videoRenditions.length > 0), 'that part');
    for (const player of [playing, paused]) player.currentTime = 5;
    await Promise.all([playing, paused].map((player) => nextEvent(player, 'seeked')));
    playing.playbackRate = 1.5;
    playing.volume = 0.25;
    paused.pause();
    await until(() => live.entries.length > 1, 'renditions');
    live.switchEntry(live.entries.length - 1);
    await Promise.all([playFor(playing, 0.5), playFor(live, 0.5)]);
    const before = [playing.currentTime, paused.currentTime] as const;
    // In WebKitGTK it is false by now.
    const { muted } = playing;

    for (const player of players) player.remove();
    await pause(2000);
    // The position at that event does not depend on how fast the test goes on.
    const restored = nextEvent(playing, 'seeking').then(() => playing.currentTime);
    document.body.append(...players);
    expect(await restored).to.be.closeTo(before[0], 0.5);
    await Promise.all([playFor(playing, 0.5), playFor(live, 0.5)]);
    await until(() => paused.readyState >= 2 && !paused.seeking, 'the paused picture');

    expect(playing.currentTime).to.be.above(before[0] - 0.5);
    expect([playing.playbackRate, playing.volume, playing.muted]).to.deep.equal([1.5, 0.25, muted]);
    // `autoplay` does not start what the viewer has paused.
    expect(paused.paused).to.equal(true);
    expect(paused.currentTime).to.be.closeTo(before[1], 0.2);
    expect((live.liveEdgeStart ?? Infinity) - live.currentTime).to.be.below(6);
    await until(() => live.activeEntry?.index === live.entries.at(-1)?.index, 'the chosen rendition');
  });

  it('starts another source from its start', async () => {
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await nextEvent(player, 'playing');
    player.currentTime = 5;
    await nextEvent(player, 'seeked');
    const { src } = player;
    player.remove();
    await pause(50);
    player.src = `${src}?other`;
    document.body.append(player);
    await nextEvent(player, 'playing');
    expect(player.currentTime).to.be.below(4);
  });
});
