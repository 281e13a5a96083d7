import { expect } from 'chai';
import { requestLog, setFaults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { cleanPage } from './support/clean-page.js';
import { mountEntries, threeEntries, wronglySigned } from './support/entries-fixture.js';
import { nextEvent, playFor } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

describe('a source with an entry per rendition, over a minute', () => {
  afterEach(cleanPage);

  it('plays 60 s with 6 s tokens and a switch every 5 s: no stall, no 401, no 403', async () => {
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const sinceMs = Date.now();
    const { player, events } = mountEntries(threeEntries());
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const meter = await StallMeter.start(player);
    let wasUnstuck = false;
    for (let step = 0; step < 12; step += 1) {
      player.switchEntry(step % 3);
      await playFor(player, 5);
      wasUnstuck ||= JSON.stringify(player.diagnostics()).includes('"unstuck"');
    }
    // Where the browser itself stood still, the player must have got it going again.
    const limitMs = !hasFeature('dependable switches') && wasUnstuck ? 5000 : TOLERATED_MS;
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(limitMs);
    const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
    expect(log.filter((line) => line.status === 401 || line.status === 403)).to.have.length(0);
    expect(await wronglySigned(sinceMs)).to.have.length(0);
    expect(events.filter((event) => event === 'secure-entry-changed:manual').length).to.be.greaterThan(6);
  });
});
