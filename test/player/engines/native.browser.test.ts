import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { setFaults } from '../../support/backend.js';
import { cleanPage } from '../support/clean-page.js';
import { mountSigned, ReloadedControl, refusedSince, settle } from '../support/native-fixture.js';
import { hasFeature } from '../../support/feature.js';
import { skipUnless } from '../../support/skip-unless.js';
import {
  mountPlayer,
  nextEvent,
  pause,
  playFor,
  until,
  type PlayerSetup,
} from '../support/player-fixture.js';
import { TOLERATED_MS } from '../support/stall-meter.js';

/** A player whose token is in the path of the playlist, which all other addresses inherit. */
function mountWithPathToken(setup: PlayerSetup = {}) {
  return mountPlayer({
    engine: 'native',
    ...setup,
    attributes: { 'token-placement': 'path:/t/{token}{path}', ...setup.attributes },
  });
}

/** Longer than what the browser has in its buffer. */
const BEYOND_BUFFER_S = 14;

/**
 * Waits until a refusal was met and lived through: the browser may do so by itself, with what it has in its buffer, or
 * fail, and then the player starts again.
 */
async function survivesRefusal(player: SecurePlayer, sinceMs: number): Promise<void> {
  const start = player.currentTime;
  const hasFailed = () => JSON.stringify(player.diagnostics()).includes('native-symptom');
  await until(() => hasFailed() || player.currentTime > start + BEYOND_BUFFER_S, 'either outcome');
  await playFor(player, 2);
  expect(await refusedSince(sinceMs), 'refusals that were met').to.be.greaterThan(0);
}

describe('<secure-player engine="native">', () => {
  afterEach(cleanPage);

  // Registered only where there is something to say.
  if (!hasFeature('native hls')) {
    it('reports that the browser has no HLS player', async () => {
      const { player } = mountSigned();
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('engine-unsupported');
    });
  }

  it('refuses to send a token in a header, and names the option to change', async function () {
    skipUnless('native hls', this);
    const { player } = mountPlayer({ engine: 'native', attributes: { 'token-placement': 'header' } });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('engine-unsupported');
    expect(error.hint).to.contain('playlist-signer');
  });

  describe('with a playlist signer', () => {
    before(function () {
      skipUnless('native hls', this);
    });

    it('plays a transport stream of one rendition', async () => {
      const { player } = mountSigned({ src: '/live/demo-ts.m3u8' });
      await nextEvent(player, 'playing');
      await playFor(player, 3);
    });

    it('plays a transport stream whose segments the signer redirects', async () => {
      await setFaults({ tokens: { ttlSeconds: 6 } });
      const sinceMs = Date.now();
      const { player } = mountSigned({ src: '/live/demo-ts.m3u8' });
      await nextEvent(player, 'playing');
      await playFor(player, 10);
      expect(await refusedSince(sinceMs)).to.equal(0);
    });

    it('recovers from a refused playlist during playback', async function () {
      skipUnless('dependable native hls', this);
      const { player, events } = mountSigned();
      await settle(player);
      const sinceMs = Date.now();
      await setFaults({ media: { reject: { kind: 'playlist', count: 1 } } });
      await survivesRefusal(player, sinceMs);
      expect(events.join()).not.to.include('secure-error');
    });

    it('recovers from a refused segment during playback', async function () {
      skipUnless('dependable native hls', this);
      const { player, events } = mountSigned();
      await settle(player);
      const sinceMs = Date.now();
      await setFaults({ media: { reject: { kind: 'segment', count: 1 } } });
      await survivesRefusal(player, sinceMs);
      expect(events.join()).not.to.include('secure-error');
    });

    it('ends with a typed error when the signer refuses permanently', async () => {
      // An origin that is not on the signer's list.
      const { player } = mountSigned({ src: 'http://127.0.0.1:9/live/demo-low.m3u8' });
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('playlist-signer-failed');
      expect(error.status).to.equal(403);
    });
  });

  describe('with the token in the address', () => {
    before(function () {
      skipUnless('native hls', this);
      skipUnless('dependable native hls', this);
    });

    it('swaps the address before its token ends, and keeps what the viewer has set', async function () {
      await setFaults({ tokens: { ttlSeconds: 8 } });
      const sinceMs = Date.now();
      const { player, events } = mountWithPathToken();
      await nextEvent(player, 'playing');
      player.volume = 0.5;
      const gapsMs: number[] = [];
      let emptiedAtMs: number | null = null;
      const control = new ReloadedControl();
      player.addEventListener('emptied', () => {
        emptiedAtMs = performance.now();
        control.reload();
      });
      player.addEventListener('playing', () => {
        if (emptiedAtMs !== null) gapsMs.push(performance.now() - emptiedAtMs);
        emptiedAtMs = null;
      });
      await until(() => gapsMs.length >= 2 && control.gapsMs.length >= 2, 'two exchanges');
      control.remove();
      const mostMs = 2 * Math.max(...control.gapsMs) + TOLERATED_MS;
      expect(Math.max(...gapsMs), 'longest exchange in ms').to.be.lessThan(mostMs);
      await playFor(player, 1);
      expect(player.volume).to.equal(0.5);
      expect(await refusedSince(sinceMs)).to.equal(0);
      expect(events.join()).not.to.include('secure-error');
    });

    it('keeps position and speed in an on-demand stream', async function () {
      await setFaults({ tokens: { ttlSeconds: 6 } });
      const { player, events } = mountWithPathToken({ src: '/live/demo-vod.m3u8' });
      await nextEvent(player, 'playing');
      player.playbackRate = 1.25;
      await nextEvent(player, 'timeupdate');
      await nextEvent(player, 'emptied');
      await nextEvent(player, 'playing');
      await playFor(player, 1);
      expect(player.currentTime).to.be.greaterThan(3);
      expect(player.playbackRate).to.equal(1.25);
      expect(events.join()).not.to.include('secure-error');
    });

    it('recovers at normal speed from a live stream that stopped at another speed', async function () {
      const { player, events } = mountWithPathToken();
      await settle(player);
      player.playbackRate = 0.95;
      await until(
        () => JSON.stringify(player.diagnostics()).includes('native-symptom'),
        'the browser to give up',
      );
      await until(() => !player.paused && player.playbackRate === 1, 'a new beginning');
      await playFor(player, 2);
      expect(events.join()).not.to.include('secure-error');
    });

    it('does not swap a paused player’s address until it plays again', async function () {
      await setFaults({ tokens: { ttlSeconds: 3 } });
      const { player } = mountWithPathToken();
      await nextEvent(player, 'playing');
      player.pause();
      let loads = 0;
      player.addEventListener('emptied', () => (loads += 1));
      await pause(4000);
      expect(loads, 'exchanges while paused').to.equal(0);
      await player.play();
      expect(loads, 'exchanges for play()').to.equal(1);
      await playFor(player, 2);
    });
  });
});
