import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { LiveSession } from '@gatecast/webcaster/internal/broadcast/live-session';
import type {
  OpenRequest,
  Publisher,
  PublisherSession,
} from '@gatecast/webcaster/internal/publisher/publisher';
import { FakeClock } from '../../support/fake-clock.js';

const failure = (code: ErrorCode) =>
  new GatecastError(code, 'It failed.', { hint: 'None.', retryable: true });

/** A publisher whose sessions open and fail as the test says. */
class FakePublisher implements Publisher {
  readonly requests: OpenRequest[] = [];
  readonly closed: number[] = [];
  readonly opened: PublisherSession[] = [];
  /** Called for each attempt, from 0. */
  readonly #attempt: (index: number, request: OpenRequest) => Promise<void>;
  readonly #restart: (() => Promise<void>) | undefined;

  constructor(
    attempt: (index: number, request: OpenRequest) => Promise<void>,
    restart?: () => Promise<void>,
  ) {
    this.#attempt = attempt;
    this.#restart = restart;
  }

  async open(request: OpenRequest): Promise<PublisherSession> {
    const index = this.requests.push(request) - 1;
    await this.#attempt(index, request);
    const session: PublisherSession = {
      ...(this.#restart && { restart: this.#restart }),
      replaceTrack: () => Promise.resolve(true),
      getStats: () => Promise.resolve(null),
      close: () => {
        this.closed.push(index);
        return Promise.resolve();
      },
    };
    this.opened.push(session);
    return session;
  }

  dispose(): void {
    throw new Error('A session does not dispose of its publisher.');
  }
}

/** Rejects when its attempt is cut short. */
function untilAborted({ signal }: OpenRequest): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function setUp(publisher: FakePublisher) {
  const fake = new FakeClock();
  const startMs = fake.wallMs;
  const events: string[] = [];
  const add = (event: string) => events.push(`${String(fake.wallMs - startMs)} ${event}`);
  const live = new LiveSession({
    publisher,
    media: null,
    clock: fake.clock,
    random: () => 0.5,
    reconnectForMs: () => 30_000,
    prepareReconnect: () => Promise.resolve(),
    onLive: (reason) => add(`live ${reason}`),
    onInterrupted: (reason) => add(`interrupted ${reason}`),
    onFailed: ({ code }) => add(`failed ${code}`),
    log: () => undefined,
  });
  live.start().catch((error: unknown) => add(`failed ${(error as GatecastError).code}`));
  return { fake, events, live };
}

describe('LiveSession', () => {
  it('ends a later attempt after 20 seconds of a start, with the error of the attempt before', async () => {
    const publisher = new FakePublisher(async (index, request) => {
      if (index > 0) return untilAborted(request);
      throw failure('ingest-failed');
    });
    const { fake, events } = setUp(publisher);
    await fake.advance(19_000);
    assert.deepEqual(events, []);
    await fake.advance(5000);
    assert.deepEqual(events, ['20000 failed ingest-failed']);
    assert.equal(publisher.requests.length, 2);
    assert.equal(fake.clock.pending, 0);
  });

  it('leaves the first attempt to the limits of the publisher, because a user may have to answer a prompt', async () => {
    let open: () => void = () => undefined;
    const prompt = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { fake, events, live } = setUp(
      new FakePublisher((_, request) => Promise.race([untilAborted(request), prompt])),
    );
    await fake.advance(45_000);
    assert.deepEqual(events, []);
    open();
    await fake.advance(0);
    assert.deepEqual(events, ['45000 live connected']);
    await live.stop();
    assert.equal(fake.clock.pending, 0);
  });

  it('ends attempts to reconnect after reconnect-for', async () => {
    const publisher = new FakePublisher(async (index, request) => {
      if (index === 0) return;
      if (index > 1) return untilAborted(request);
      throw failure('ingest-failed');
    });
    const { fake, events } = setUp(publisher);
    await fake.advance(1000);
    publisher.requests[0]?.onLost(failure('connection-lost'));
    await fake.advance(60_000);
    assert.deepEqual(events, [
      '0 live connected',
      '1000 interrupted connection-lost',
      '31000 failed ingest-failed',
    ]);
    assert.deepEqual(publisher.closed, [0]);
    assert.equal(fake.clock.pending, 0);
  });

  it('reports why media stopped, and opens a new session if the old one cannot be repaired', async () => {
    const publisher = new FakePublisher(
      () => Promise.resolve(),
      () => Promise.reject(failure('media-stopped')),
    );
    const { fake, events, live } = setUp(publisher);
    await fake.advance(1000);
    publisher.requests[0]?.onInterrupted('media-stopped');
    await fake.advance(1000);
    assert.deepEqual(events, ['0 live connected', '1000 interrupted media-stopped', '1000 live reconnected']);
    assert.deepEqual(publisher.closed, [0]);
    await live.stop();
    assert.deepEqual(publisher.closed, [0, 1]);
  });

  it('names the session before to each attempt of a new one, and none to the first', async () => {
    const publisher = new FakePublisher((index) =>
      index === 1 || index === 2 ? Promise.reject(failure('ingest-failed')) : Promise.resolve(),
    );
    const { fake, live } = setUp(publisher);
    await fake.advance(1000);
    publisher.requests[0]?.onLost(failure('connection-lost'));
    await fake.advance(10_000);
    publisher.requests[3]?.onLost(failure('connection-lost'));
    await fake.advance(10_000);
    const [first, second] = publisher.opened;
    assert.deepEqual(
      publisher.requests.map(({ previous }) => previous ?? null),
      [null, first, first, first, second],
    );
    await live.stop();
  });

  it('calls a loss without a reason connection-lost', async () => {
    const publisher = new FakePublisher(
      () => Promise.resolve(),
      () => Promise.resolve(),
    );
    const { fake, events, live } = setUp(publisher);
    await fake.advance(0);
    publisher.requests[0]?.onInterrupted();
    await fake.advance(0);
    assert.deepEqual(events, ['0 live connected', '0 interrupted connection-lost', '0 live reconnected']);
    await live.stop();
  });

  for (const code of ['ingest-not-found', 'token-rejected', 'ingest-conflict'] as const) {
    it(`is live within five seconds after an ingest that refused with ${code} for ten seconds is well`, async () => {
      const refusal = new GatecastError(code, 'It failed.', { hint: 'None.' });
      const wellAtMs = 11_000;
      let fakeClock: FakeClock | null = null;
      let startMs = 0;
      const publisher = new FakePublisher((index) => {
        const isWell = (fakeClock?.wallMs ?? 0) - startMs >= wellAtMs;
        return index === 0 || isWell ? Promise.resolve() : Promise.reject(refusal);
      });
      const { fake, events, live } = setUp(publisher);
      fakeClock = fake;
      startMs = fake.wallMs;
      await fake.advance(1000);
      publisher.requests[0]?.onLost(failure('connection-lost'));
      await fake.advance(15_000);
      assert.deepEqual(events.slice(0, 2), ['0 live connected', '1000 interrupted connection-lost']);
      assert.match(events[2] ?? '', /live reconnected$/);
      assert.ok(parseInt(events[2] ?? '') - wellAtMs <= 5000, events[2]);
      // At most 20 a minute.
      assert.ok(publisher.requests.length <= 8, String(publisher.requests.length));
      await live.stop();
    });
  }

  it('fails a start at once if the ingest does not know the stream', async () => {
    const refusal = new GatecastError('ingest-not-found', 'It failed.', { hint: 'None.' });
    const { fake, events } = setUp(new FakePublisher(() => Promise.reject(refusal)));
    await fake.advance(0);
    assert.deepEqual(events, ['0 failed ingest-not-found']);
  });

  it('starts after a conflict with a session that ends in seconds', async () => {
    const conflict = new GatecastError('ingest-conflict', 'It failed.', { hint: 'None.', retryable: true });
    const publisher = new FakePublisher((index) =>
      index < 3 ? Promise.reject(conflict) : Promise.resolve(),
    );
    const { fake, events, live } = setUp(publisher);
    await fake.advance(10_000);
    assert.match(events[0] ?? '', /live connected$/);
    await live.stop();
  });

  it('ends a start with the error of the caller, and the session that opens after that', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const publisher = new FakePublisher(() => opened);
    const { fake, events, live } = setUp(publisher);
    await fake.advance(1000);
    live.cancelStart(failure('revoked'));
    await fake.advance(0);
    assert.deepEqual(events, ['1000 failed revoked']);
    open();
    await live.stop();
    assert.deepEqual(publisher.closed, [0]);
    assert.equal(fake.clock.pending, 0);
  });

  it('is not live if its start is ended when the session has just opened', async () => {
    const publisher: FakePublisher = new FakePublisher(() => {
      // After the session is known, and before the start goes on.
      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => live.cancelStart(failure('revoked')))));
      return Promise.resolve();
    });
    const { fake, events, live } = setUp(publisher);
    await fake.advance(0);
    await live.stop();
    assert.deepEqual(events, ['0 failed revoked']);
    assert.deepEqual(publisher.closed, [0]);
  });
});
