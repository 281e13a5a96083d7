import { expect } from 'chai';
import { backendOrigin, requestLog, setFaults } from '../../support/backend.js';
import { cleanPage } from '../support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until } from '../support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from '../support/stall-meter.js';

describe('<secure-player> on hls.js', () => {
  afterEach(cleanPage);

  it('plays a protected live stream', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 2);
    expect(events).to.include('secure-token-refreshed:initial');
    expect(events.join()).not.to.include('secure-error');
    expect(player.videoWidth).to.be.greaterThan(0);
    expect(player.activeEntry).not.to.equal(null);
  });

  it('plays a multivariant stream and offers its renditions', async () => {
    const { player } = mountPlayer({ src: '/live/demo.m3u8' });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(player.entries).to.have.length(3);
    const bitrates = player.entries.map((entry) => entry.bitrateKbps ?? 0);
    expect(bitrates).to.deep.equal([...bitrates].sort((a, b) => b - a));
  });

  it('signs the key request of an encrypted stream', async () => {
    const sinceMs = Date.now();
    const { player } = mountPlayer({ src: '/live/demo-aes.m3u8' });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const keys = (await requestLog()).filter((line) => line.kind === 'key' && line.atMs >= sinceMs);
    expect(keys.map((line) => line.status)).to.include(200);
  });

  it('loads the full build for a stream with captions', async () => {
    const { player } = mountPlayer({ src: '/live/demo-subs.m3u8' });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(player.textTracks.length).to.be.greaterThan(0);
  });

  it('plays an on-demand stream from the beginning to its end', async () => {
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8' });
    await nextEvent(player, 'playing');
    expect(player.duration).to.be.closeTo(60, 1);
    player.currentTime = 30;
    await nextEvent(player, 'seeked');
    await playFor(player, 1);
    expect(player.currentTime).to.be.within(31, 34);
  });

  it('replaces a refused token once, without an error and without a stall', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 2);
    const sinceMs = Date.now();
    const meter = await StallMeter.start(player);
    await setFaults({ expireNow: true });
    await playFor(player, 6);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    expect(events.filter((event) => event === 'secure-token-refreshed:rejected')).to.have.length(1);
    const tokenRequests = (await requestLog()).filter(
      (line) => line.kind === 'token' && line.atMs >= sinceMs,
    );
    expect(tokenRequests).to.have.length(1);
  });

  it('plays through a backend that answers 503 three times in a row', async () => {
    await setFaults({ tokens: { ttlSeconds: 60 } });
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    await setFaults({ tokens: { fail: 3, status: 503 } });
    const meter = await StallMeter.start(player);
    // The call may end before the third attempt, with the error of the second one.
    player.refreshToken().catch(() => undefined);
    await until(
      () => events.filter((event) => event.startsWith('secure-token-failed')).length === 3,
      'three failures',
    );
    await until(() => events.at(-1)?.startsWith('secure-token-refreshed') === true, 'a refresh');
    await playFor(player, 2);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    expect(events.join()).not.to.include('secure-error');
  });

  it('recovers by itself when the network is back', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    await setFaults({ media: { down: true }, tokens: { down: true } });
    await until(() => player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA, 'the buffer to run dry');
    await setFaults({ media: { down: false }, tokens: { down: false } });
    window.dispatchEvent(new Event('online'));
    await playFor(player, 2);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
  });

  it('continues at the live position after a pause longer than the live window', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    player.pause();
    await pause(26_000);
    const pausedAt = player.currentTime;
    await player.play();
    await playFor(player, 2);
    expect(player.currentTime - pausedAt).to.be.greaterThan(15);
  });

  it('does not request playlists that the token response contains', async () => {
    await setFaults({ tokens: { bootstrap: true } });
    performance.clearResourceTimings();
    const { player } = mountPlayer({ src: '/live/demo.m3u8' });
    await nextEvent(player, 'playing');
    const paths = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    const beforeMedia = paths.slice(
      0,
      paths.findIndex((path) => path.endsWith('.m4s')),
    );
    expect(beforeMedia.filter((path) => path.endsWith('.m3u8'))).to.deep.equal([]);
  });

  it('sends no token to an origin that is not allowed', async () => {
    // The playlist names its segments on another origin, which is not the stream's own.
    const other = backendOrigin().replace('127.0.0.1', 'localhost');
    const realFetch = window.fetch.bind(window);
    const foreign: URL[] = [];
    window.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin === other) foreign.push(url);
      const response = await realFetch(input, init);
      if (!url.pathname.endsWith('.m3u8')) return response;
      const text = (await response.text()).replace(
        /^(?=demo-low\/)|(?<=URI=")(?=demo-low\/)/gm,
        `${other}/live/`,
      );
      return new Response(text, { status: response.status, headers: response.headers });
    };
    try {
      const { player } = mountPlayer();
      await nextEvent(player, 'secure-error');
      expect(foreign.length).to.be.greaterThan(0);
      expect(foreign.filter((url) => url.search !== '')).to.have.length(0);
      foreign.length = 0;
      player.tokenOrigins = other;
      await nextEvent(player, 'playing');
      expect(foreign.some((url) => url.searchParams.has('token'))).to.equal(true);
    } finally {
      window.fetch = realFetch;
    }
  });
});
