import { expect } from 'chai';
import { requestLog, setFaults } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

describe('<secure-player dpop> over a minute', () => {
  afterEach(cleanPage);

  it('plays 60 s of live with bound 6 s tokens: no stall, no 401, no 403', async () => {
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const sinceMs = Date.now();
    const { player, events } = mountPlayer({
      src: '/live/demo.m3u8',
      attributes: { dpop: '', 'token-placement': 'header' },
    });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const meter = await StallMeter.start(player);
    await playFor(player, 60);
    expect(meter.stop(), 'longest stall compared with the control, in ms').to.be.lessThan(TOLERATED_MS);
    const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
    expect(log.filter((line) => line.status === 401 || line.status === 403)).to.have.length(0);
    expect(events.filter((event) => event.endsWith(':scheduled')).length).to.be.greaterThan(10);
    expect(events.filter((event) => /failed|error/.test(event))).to.deep.equal([]);
  });
});
