import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedByPolicy, EventLog } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import { ActiveBroadcast } from '@gatecast/webcaster/internal/broadcast/active-broadcast';
import type { BroadcastHost } from '@gatecast/webcaster/internal/broadcast/broadcast-host';
import { BroadcastMedia } from '@gatecast/webcaster/internal/broadcast/broadcast-media';
import { BroadcastStatus } from '@gatecast/webcaster/internal/broadcast/broadcast-status';
import type { CaptureControl } from '@gatecast/webcaster/internal/broadcast/capture-control';
import type { IngestTokens, PublisherSession } from '@gatecast/webcaster/internal/publisher/publisher';
import { FakeClock } from '../../support/fake-clock.js';

const ended = () => new GatecastError('revoked', 'Access has ended.', { hint: 'None.' });

/** A broadcast that starts, and whose ingest the test lets respond. */
function setUp() {
  const { clock } = new FakeClock();
  const log = new EventLog();
  const page = Object.assign(new EventTarget(), { reconnectFor: 120, requestUpdate: () => undefined });
  const host = page as Partial<BroadcastHost> as BroadcastHost;
  const status = new BroadcastStatus(host, log, new BlockedByPolicy());
  const capture = { media: null, muted: {} } as Partial<CaptureControl> as CaptureControl;
  const world = { closed: 0, failed: [] as string[], respond: (): void => undefined };
  const responded = new Promise<void>((resolve) => {
    world.respond = resolve;
  });
  const session: PublisherSession = {
    replaceTrack: () => Promise.resolve(true),
    getStats: () => Promise.resolve(null),
    close: () => {
      world.closed += 1;
      return Promise.resolve();
    },
  };
  const active = new ActiveBroadcast({
    host,
    clock,
    log,
    status,
    media: new BroadcastMedia(host, log),
    capture,
    tokens: {} as Partial<IngestTokens> as IngestTokens,
    statusUrl: () => null,
    prepareReconnect: () => Promise.resolve(),
    onFailed: ({ code }) => world.failed.push(code),
  });
  const life = new AbortController();
  const publisher = { open: () => responded.then(() => session), dispose: () => undefined };
  const start = () => {
    status.move('start', 'requested');
    return active.start(publisher, life.signal).then(
      () => 'live',
      (error: unknown) => (error as GatecastError).code,
    );
  };
  return { world, status, active, start, life };
}

describe('a broadcast whose access the backend ends', () => {
  it('is not live if that happens between its request to the ingest and the connection', async () => {
    const { world, status, active, start } = setUp();
    const started = start();
    active.endAccess(ended(), new AbortController().signal);
    assert.equal(await started, 'revoked', 'the start reports it');
    world.respond();
    await active.stop();
    assert.equal(world.closed, 1);
    assert.equal(status.state, 'connecting');
    assert.deepEqual(world.failed, []);
  });

  it('fails while it is live or has lost its connection', async () => {
    const { world, status, active, start, life } = setUp();
    world.respond();
    assert.equal(await start(), 'live');
    active.endAccess(ended(), life.signal);
    status.move('interrupt', 'connection-lost');
    active.endAccess(ended(), life.signal);
    assert.deepEqual(world.failed, ['revoked', 'revoked']);
    life.abort();
    await active.stop();
  });

  it('leaves it to a start that has not asked for the token yet', async () => {
    const { world, status, active, life } = setUp();
    active.endAccess(ended(), life.signal);
    status.move('start', 'requested');
    active.endAccess(ended(), life.signal);
    assert.deepEqual(world.failed, []);
    assert.equal(status.state, 'connecting');
  });
});
