import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

const recording = '/live/demo-vod.m3u8';

describe('start-time of <secure-player>', () => {
  afterEach(cleanPage);

  it('begins a recording there, without a picture of its beginning', async () => {
    const shown: number[] = [];
    const { player } = mountPlayer({
      src: recording,
      attributes: { 'start-time': '6' },
      prepare: (each) => {
        for (const type of ['loadeddata', 'timeupdate', 'playing'])
          each.addEventListener(type, () => shown.push(each.currentTime));
      },
    });
    expect(player.startTime).to.equal(6);
    await nextEvent(player, 'playing');
    await playFor(player, 0.5);
    expect(Math.min(...shown)).to.be.above(5.4);
    expect(Math.max(...shown)).to.be.below(9);
  });

  it('counts a negative time from the end', async () => {
    const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '-5' } });
    await nextEvent(player, 'playing');
    expect(player.currentTime).to.be.closeTo(player.duration - 5, 1.5);
  });

  it('begins a live stream in its window: from the oldest media, or before live, and never after live', async function () {
    skipUnless('many players', this);
    const [oldest, before, after] = ['0', '-10', '600'].map(
      (startTime) => mountPlayer({ attributes: { 'start-time': startTime } }).player,
    );
    const players = [oldest, before, after].filter((each) => each !== undefined);
    await Promise.all(players.map((each) => nextEvent(each, 'playing')));
    const behind = (index: number): number => {
      const { liveEdgeStart = NaN, currentTime = NaN } = players[index] ?? {};
      return liveEdgeStart + 5 - currentTime;
    };
    // The first picture may be that of the live position.
    await until(() => behind(0) > 8 && behind(1) > 7 && behind(1) < 14, 'their places');
    await Promise.all(players.map((each) => playFor(each, 0.3)));
    expect(behind(0)).to.be.above(8);
    expect(behind(2)).to.be.below(6);
  });

  it('is not used again when the source is switched or the element put back', async () => {
    const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '2' } });
    await nextEvent(player, 'playing');
    await until(() => player.videoRenditions.length > 0, 'the part that keeps the position');
    player.currentTime = 7;
    await nextEvent(player, 'seeked');
    await player.updateSource({ entries: [{ index: 0, hls: `${player.src}?other`, stream: 'demo-vod' }] });
    expect(player.currentTime).to.be.above(6.5);
    player.remove();
    await Promise.resolve();
    document.body.append(player);
    await until(() => player.readyState > 1 && player.currentTime > 6.5, 'the kept position');
  });

  it('is not used again when the element is put back before the part that keeps the position is loaded', async () => {
    const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '2' } });
    await nextEvent(player, 'loadeddata').then(() => {
      player.currentTime = 20;
      player.remove();
    });
    await pause(50);
    document.body.append(player);
    // It leaves once more, before it is shown.
    await pause(50);
    player.remove();
    await pause(50);
    document.body.append(player);
    await nextEvent(player, 'playing');
    expect(player.currentTime).to.be.at.least(19);
  });

  it('is used for a stream that is loaded again, after another one was left', async () => {
    const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '6' } });
    await nextEvent(player, 'loadeddata');
    await player.updateSource({
      entries: [{ index: 0, hls: player.src.replace('demo-vod', 'demo'), stream: 'demo' }],
    });
    player.remove();
    await pause(50);
    player.src = `${recording}?again`;
    document.body.append(player);
    await nextEvent(player, 'loadeddata');
    expect(player.currentTime).to.be.above(5.4);
  });

  const interruptions: Readonly<Record<string, (player: SecurePlayer) => Promise<unknown>>> = {
    'the network comes back': async () => window.dispatchEvent(new Event('online')),
    'another source is given': (player) =>
      player.updateSource({ entries: [{ index: 0, hls: `${player.src}?other`, stream: 'demo-vod' }] }),
  };
  for (const [what, interrupt] of Object.entries(interruptions))
    it(`is kept when ${what} before the first picture`, async function () {
      skipUnless('dependable switches', this);
      const held: (() => void)[] = [];
      let isHeld = true;
      const realFetch = window.fetch.bind(window);
      window.fetch = async (input, init) => {
        const { pathname } = new URL(input instanceof Request ? input.url : input);
        if (isHeld && /\.(?:mp4|m4s)$/.test(pathname))
          await new Promise<void>((resolve) => held.push(resolve));
        return realFetch(input, init);
      };
      try {
        const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '6' } });
        await until(() => held.length >= 2, 'the requests for the init segment and the first segment');
        await until(() => player.streamType === 'on-demand', 'the wait of hls.js for them');
        const done = interrupt(player);
        // hls.js tries again each 100 ms.
        await pause(300);
        isHeld = false;
        for (const release of held) release();
        await done;
        await playFor(player, 0.3);
        expect(player.currentTime).to.be.within(5.4, 9);
      } finally {
        window.fetch = realFetch;
      }
    });

  it('does not carry the position of a recording into a live stream', async function () {
    skipUnless('dependable switches', this);
    const { player } = mountPlayer({ src: recording });
    await nextEvent(player, 'playing');
    player.currentTime = 7;
    await nextEvent(player, 'seeked');
    const hls = new URL('/live/demo.m3u8', player.src).href;
    await player.updateSource({ entries: [{ index: 0, hls, stream: 'demo' }] });
    await playFor(player, 0.3);
    const { liveEdgeStart = NaN, currentTime } = player;
    expect(liveEdgeStart + 5 - currentTime).to.be.below(7);
  });

  it('ignores what is not a number, with a warning that says what to write', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      const { player } = mountPlayer({ src: recording, attributes: { 'start-time': '1m30s' } });
      await nextEvent(player, 'playing');
      expect(player.currentTime).to.be.below(4);
      await until(() => warnings.some((text) => text.includes('start-time="1m30s"')), 'the warning');
      expect(warnings.find((text) => text.includes('1m30s'))).to.include('start-time="90"');
    } finally {
      console.warn = warn;
    }
  });
});
