import { systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { RECONNECT_FOR_MS, startInSteps, type BroadcastInSteps } from '../support/broadcast-in-steps.js';
import { riggedPublishers, type PublisherRig } from '../support/publisher-rig.js';
import { until } from '../support/webcaster-fixture.js';

/** Longest time until a start without a media connection has failed, in milliseconds. */
const START_LIMIT_MS = 20_000;
/** The clock moves in steps of this length. */
const STEP_MS = 250;

for (const publisher of riggedPublishers) {
  const { name, feature, knowsSentMedia } = publisher;

  describe(`publisher="${name}" is live only while media flows`, () => {
    let rig: PublisherRig;
    let broadcast: BroadcastInSteps;

    before(function () {
      skipUnless(feature, this);
    });

    beforeEach(() => {
      rig = publisher.install();
    });

    afterEach(async () => {
      await broadcast.stop();
      expect(rig.leftovers).to.deep.equal([]);
      expect(broadcast.pending, 'alarms and listeners').to.equal(0);
      rig.uninstall();
      await clearFaults();
      await until(() => systemClock.pending === 0, 'no timers and listeners');
    });

    async function start(): Promise<void> {
      broadcast = await startInSteps(name, rig.attributes, () => rig.isBusy);
    }

    async function goLive(): Promise<void> {
      await start();
      await broadcast.until(() => broadcast.states.includes('live:connected'), 'live', 'browser');
    }

    function untilState(state: string, pace: 'limits' | 'browser'): Promise<void> {
      return broadcast.until(() => broadcast.states.at(-1) === state, state, pace);
    }

    it('fails in time if no media connection is established', async () => {
      rig.blockIce();
      await start();
      await untilState('failed:connection-lost', 'limits');
      expect(broadcast.states).to.deep.equal(['failed:connection-lost']);
      expect(broadcast.elapsedMs).to.be.at.most(START_LIMIT_MS + STEP_MS);
    });

    if (knowsSentMedia) {
      it('reconnects if nothing is sent over an established connection', async () => {
        await goLive();
        await rig.stopMedia();
        await untilState('reconnecting:media-stopped', 'limits');
        await broadcast.until(() => rig.attempts === 2, 'another connection', 'limits');
        await untilState('live:reconnected', 'browser');
        expect(rig.attempts).to.equal(2);
      });
    }

    it('reconnects when the server is gone, and is live when it is back', async () => {
      await goLive();
      await rig.killServer(broadcast.stream);
      await untilState('reconnecting:connection-lost', 'browser');
      await broadcast.until(() => rig.attempts > 2, 'more attempts', 'limits');
      expect(broadcast.states).to.have.length(2);
      await rig.reviveServer();
      await untilState('live:reconnected', 'browser');
    });

    it('fails when the server stays away', async () => {
      await goLive();
      await rig.killServer(broadcast.stream);
      await untilState('reconnecting:connection-lost', 'browser');
      const lostAtMs = broadcast.elapsedMs;
      await untilState('failed:ingest-failed', 'limits');
      expect(broadcast.states).to.have.length(3);
      expect(broadcast.elapsedMs - lostAtMs).to.be.at.most(RECONNECT_FOR_MS + 10_000);
    });
  });
}
