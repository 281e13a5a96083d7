import { expect } from 'chai';
import { requestLog, setFaults } from '../support/backend.js';

// Before anything of the kit is loaded: this page's clock is ten minutes slow.
const realNow = Date.now.bind(Date);
Date.now = () => realNow() - 600_000;
const { cleanPage } = await import('./support/clean-page.js');
const { mountPlayer, nextEvent, playFor, until } = await import('./support/player-fixture.js');

describe('a clock that is ten minutes slow', () => {
  afterEach(cleanPage);

  for (const faults of [{ ttlSeconds: 6 }, { ttlSeconds: 6, omitServerTime: true }]) {
    it(`refreshes on time with ${faults.omitServerTime ? 'iat' : 'serverTime'} alone`, async () => {
      await setFaults({ tokens: faults });
      const sinceMs = realNow();
      const { player, events } = mountPlayer();
      await nextEvent(player, 'playing');
      await playFor(player, 8);
      await until(
        () => events.filter((event) => event.endsWith(':scheduled')).length >= 2,
        'two scheduled refreshes',
      );
      const log = (await requestLog()).filter((line) => line.atMs >= sinceMs);
      expect(log.filter((line) => line.status === 401 || line.status === 403)).to.have.length(0);
      expect(log.filter((line) => line.kind === 'token').length).to.be.lessThan(6);
    });
  }
});
