import { expect } from 'chai';
import { requestLog, setFaults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { cleanPage } from './support/clean-page.js';
import { mountEntries, threeEntries, wronglySigned } from './support/entries-fixture.js';
import { mountPlayer, nextEvent, playFor, type PlayerFixture } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

interface LongPlay extends PlayerFixture {
  /** Longest stall compared with the control, in ms. */
  readonly longestMs: number;
}

/** Plays 60 s in steps, and measures its stalls. */
async function playLong(
  fixture: PlayerFixture,
  steps = 1,
  onStep?: (step: number) => void,
): Promise<LongPlay> {
  const { player } = fixture;
  await nextEvent(player, 'playing');
  await playFor(player, 1);
  const meter = await StallMeter.start(player);
  for (let step = 0; step < steps; step += 1) {
    onStep?.(step);
    await playFor(player, 60 / steps);
  }
  return { ...fixture, longestMs: meter.stop() };
}

describe('<secure-player> over a minute of live with 6 s tokens', () => {
  // All play at once, so that they take one minute together.
  let sinceMs: number;
  let bare: Promise<LongPlay>;
  let bound: Promise<LongPlay>;
  let entries: Promise<LongPlay>;

  before(async () => {
    await setFaults({ tokens: { ttlSeconds: 6 } });
    sinceMs = Date.now();
    bare = playLong(mountPlayer({ src: '/live/demo.m3u8' }));
    bound = playLong(
      mountPlayer({ src: '/live/demo.m3u8', attributes: { dpop: '', 'token-placement': 'header' } }),
    );
    const switched = mountEntries(threeEntries());
    entries = playLong(switched, 12, (step) => {
      switched.player.switchEntry(step % 3);
    });
    await Promise.allSettled([bare, bound, entries]);
  });

  after(cleanPage);

  for (const [name, play] of [
    ['bearer tokens', () => bare],
    ['tokens that are bound to a key', () => bound],
  ] as const) {
    it(`plays 60 s with ${name}: no stall, no error`, async () => {
      const { longestMs, events } = await play();
      expect(longestMs, 'longest stall').to.be.lessThan(TOLERATED_MS);
      expect(events.filter((event) => event.endsWith(':scheduled')).length).to.be.greaterThan(10);
      expect(events.filter((event) => /failed|error/.test(event))).to.deep.equal([]);
    });
  }

  it('plays 60 s with an entry per rendition and a switch every 5 s: no stall', async () => {
    const switched = await entries;
    const { longestMs, events } = switched;
    // Where the browser itself stands still after a switch, the player must have got it going again.
    const limitMs = hasFeature('dependable switches') ? TOLERATED_MS : 12_000;
    expect(longestMs, 'longest stall').to.be.lessThan(limitMs);
    expect(await wronglySigned(sinceMs)).to.have.length(0);
    expect(events.filter((event) => event === 'secure-entry-changed:manual').length).to.be.greaterThan(6);
  });

  it('is refused nothing: no 401, no 403', async () => {
    await Promise.all([bare, bound, entries]);
    const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
    expect(log.length).to.be.greaterThan(100);
    expect(log.filter((line) => line.status === 401 || line.status === 403)).to.have.length(0);
  });
});
