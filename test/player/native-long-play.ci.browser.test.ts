import { expect } from 'chai';
import { setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountSigned, refusedSince, settle } from './support/native-fixture.js';
import { nextEvent, playFor, until } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

describe('<secure-player engine="native"> with a playlist signer, over a minute', () => {
  afterEach(cleanPage);

  it('plays 60 s of live with segment tokens of 6 s without a stall', async function () {
    skipUnless('dependable native hls', this);
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const sinceMs = Date.now();
    const { player, events } = mountSigned();
    await settle(player);
    const { currentSrc } = player;
    const meter = await StallMeter.start(player);
    await playFor(player, 60);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    expect(player.currentSrc === currentSrc, 'src was left alone').to.equal(true);
    expect(await refusedSince(sinceMs)).to.equal(0);
    expect(events.join()).not.to.include('secure-error');
  });

  it('plays a recording of 60 s to its end with tokens of 6 s, which the signer adds to each segment', async function () {
    skipUnless('dependable native hls', this);
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const sinceMs = Date.now();
    const { player, events } = mountSigned({ src: '/live/demo-vod.m3u8' });
    await nextEvent(player, 'playing');
    const { currentSrc } = player;
    await playFor(player, 50);
    await until(() => player.ended, 'the end of the recording');
    expect(player.currentSrc === currentSrc, 'src was left alone').to.equal(true);
    expect(await refusedSince(sinceMs)).to.equal(0);
    expect(events.join()).not.to.include('secure-error');
  });

  for (const src of ['/live/demo.m3u8', '/live/demo-ts.m3u8']) {
    it(`plays ${src} past the end of three tokens of 6 s`, async function () {
      skipUnless('dependable native hls', this);
      await setFaults({ tokens: { ttlSeconds: 6 } });
      const sinceMs = Date.now();
      const { player, events } = mountSigned({ src });
      await nextEvent(player, 'playing');
      const { currentSrc } = player;
      await playFor(player, 20);
      expect(player.currentSrc === currentSrc, 'src was left alone').to.equal(true);
      expect(await refusedSince(sinceMs)).to.equal(0);
      expect(events.join()).not.to.include('secure-error');
    });
  }
});
