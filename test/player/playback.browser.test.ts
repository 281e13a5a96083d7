import { systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { clearFaults, requestLog, setFaults } from '../support/backend.js';
import { mountPlayer, nextEvent, pause, playFor, StallMeter, until } from './support/player-fixture.js';

describe('<secure-player> on hls.js', () => {
  afterEach(async () => {
    document.querySelectorAll('secure-player').forEach((player) => {
      player.remove();
    });
    await clearFaults();
    await pause(50);
    expect(systemClock.pending, 'alarms and listeners left behind').to.equal(0);
  });

  it('plays a protected live stream', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 2);
    expect(events).to.include('secure-token-refreshed:initial');
    expect(events).not.to.include('secure-error');
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

  it('renews tokens without a stall, a 401 or a 403', async () => {
    await setFaults({ tokens: { ttlSeconds: 6 } });
    const sinceMs = Date.now();
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 2);
    const meter = new StallMeter(player);
    await playFor(player, 10);
    expect(meter.stop()).to.be.lessThan(150);
    await until(
      () => events.filter((event) => event.endsWith(':scheduled')).length >= 2,
      'two scheduled refreshes',
    );
    const refused = (await requestLog()).filter((line) => line.status === 401 || line.status === 403);
    expect(refused.filter((line) => Number(line['atMs']) >= sinceMs)).to.have.length(0);
  });
});
