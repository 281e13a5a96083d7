import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  WebcasterV6,
  WebcasterV6Metrics,
} from '@gatecast/webcaster/internal/publisher/nanostream-v6/webcaster-v6';
import { WebcasterV6Session } from '@gatecast/webcaster/internal/publisher/nanostream-v6/webcaster-v6-session';
import { FakeClock } from '../../../support/fake-clock.js';

/** The vendor's client without a browser. The test answers its calls. */
class FakeWebcaster implements WebcasterV6 {
  onConnectionStateChange: (state: RTCPeerConnectionState) => void = () => undefined;
  onError: (error: unknown) => void = () => undefined;
  onMetrics: (metrics: WebcasterV6Metrics) => void = () => undefined;
  readonly calls: string[] = [];
  answer: () => void = () => undefined;
  setUp: () => Promise<void> = () => Promise.resolve();
  stop: () => Promise<void> = () => Promise.resolve();

  setup(): Promise<void> {
    this.calls.push('setup');
    return this.setUp();
  }

  startBroadcast(): Promise<void> {
    this.calls.push('startBroadcast');
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  stopBroadcast(): Promise<void> {
    this.calls.push('stopBroadcast');
    return this.stop();
  }

  dispose(withMediaStream?: boolean): Promise<void> {
    this.calls.push(`dispose(${String(withMediaStream)})`);
    return Promise.resolve();
  }

  report(audio: number | undefined, video: number | undefined): void {
    this.onMetrics({
      rtcstats: { audio: { bitrate: { value: audio } }, video: { bitrate: { value: video } } },
    });
  }
}

function setUp() {
  const fake = new FakeClock();
  const webcaster = new FakeWebcaster();
  const events: string[] = [];
  const track = { kind: 'video', enabled: true, readyState: 'live', getSettings: () => ({}) };
  const controller = new AbortController();
  const request = {
    media: { getTracks: () => [track] },
    signal: controller.signal,
    onInterrupted: (reason = 'connection-lost') => events.push(`interrupted ${reason}`),
    onLost: ({ code }: { code?: string }) => events.push(`lost ${code ?? ''}`),
  };
  const context = { clock: fake.clock, log: (type: string) => events.push(type) };
  const session = new WebcasterV6Session(context as never, request as never, webcaster, () =>
    events.push('stopped'),
  );
  return { fake, webcaster, session, events, track, signal: controller.signal };
}

/** Starts a session; its outcome is `pending`, `live` or the code of its error. */
function start(session: WebcasterV6Session, isReportNeeded = false): { readonly outcome: string } {
  const result = { outcome: 'pending' };
  session.start(isReportNeeded).then(
    () => (result.outcome = 'live'),
    (error: unknown) => (result.outcome = String((error as { code?: unknown }).code)),
  );
  return result;
}

async function goLive(parts: ReturnType<typeof setUp>): Promise<void> {
  const result = start(parts.session);
  await parts.fake.advance(0);
  parts.webcaster.answer();
  parts.webcaster.onConnectionStateChange('connected');
  await parts.fake.advance(0);
  assert.equal(result.outcome, 'live');
}

describe('a session of Webcaster v6', () => {
  it('is open when the client reports that it is connected, not when startBroadcast resolves', async () => {
    const { fake, webcaster, session } = setUp();
    const result = start(session);
    await fake.advance(0);
    for (const state of ['new', 'connecting'] as const) webcaster.onConnectionStateChange(state);
    webcaster.answer();
    await fake.advance(9000);
    assert.equal(result.outcome, 'pending');
    webcaster.onConnectionStateChange('connected');
    await fake.advance(0);
    assert.equal(result.outcome, 'live');
    assert.equal(fake.clock.pending, 0);
  });

  it('may be connected before startBroadcast resolves', async () => {
    const { fake, webcaster, session } = setUp();
    const result = start(session);
    await fake.advance(0);
    webcaster.onConnectionStateChange('connected');
    await fake.advance(0);
    assert.equal(result.outcome, 'pending');
    webcaster.answer();
    await fake.advance(0);
    assert.equal(result.outcome, 'live');
  });

  it('fails after 10 seconds without a media connection, and at once if that failed', async () => {
    for (const hasFailed of [false, true]) {
      const { fake, webcaster, session } = setUp();
      const result = start(session);
      await fake.advance(0);
      webcaster.answer();
      webcaster.onConnectionStateChange(hasFailed ? 'failed' : 'connecting');
      await fake.advance(hasFailed ? 0 : 10_000);
      assert.equal(result.outcome, 'connection-lost');
      assert.equal(fake.clock.pending, 0);
    }
  });

  for (const state of ['failed', 'closed', 'disconnected'] as const) {
    it(`is not open when the connection is ${state} while it waits for a report`, async () => {
      const { fake, webcaster, session, events } = setUp();
      const result = start(session, true);
      await fake.advance(0);
      webcaster.answer();
      webcaster.onConnectionStateChange('connected');
      await fake.advance(1000);
      assert.equal(result.outcome, 'pending');
      webcaster.onConnectionStateChange(state);
      // After the limit for the report, a disconnected one has three seconds to recover.
      await fake.advance(state === 'disconnected' ? 27_000 : 0);
      assert.equal(result.outcome, 'connection-lost');
      assert.deepEqual(events, []);
    });
  }

  it('is open when the connection was disconnected only for a moment at the end of the wait for a report', async () => {
    const { fake, webcaster, session, events } = setUp();
    const result = start(session, true);
    await fake.advance(0);
    webcaster.answer();
    webcaster.onConnectionStateChange('connected');
    await fake.advance(24_900);
    webcaster.onConnectionStateChange('disconnected');
    await fake.advance(1000);
    assert.equal(result.outcome, 'pending');
    webcaster.onConnectionStateChange('connected');
    await fake.advance(0);
    assert.equal(result.outcome, 'live');
    assert.deepEqual(events, []);
    assert.equal(fake.clock.pending, 0);
  });

  it('that was closed during its setup starts no broadcast', async () => {
    const { fake, webcaster, session } = setUp();
    let setUpNow: () => void = () => undefined;
    webcaster.setUp = () => new Promise((resolve) => (setUpNow = resolve));
    const result = start(session);
    await fake.advance(10_000);
    assert.equal(result.outcome, 'connection-lost');
    await session.close();
    setUpNow();
    await fake.advance(0);
    assert.equal(webcaster.calls.includes('startBroadcast'), false);
    assert.equal(webcaster.calls.at(-1), 'dispose(false)');
  });

  it('stops again if the server answers after the close', async () => {
    const { fake, webcaster, session } = setUp();
    start(session);
    await fake.advance(10_000);
    await session.close();
    const before = webcaster.calls.length;
    webcaster.answer();
    await fake.advance(0);
    assert.deepEqual(webcaster.calls.slice(before), ['stopBroadcast', 'dispose(false)']);
  });

  it('closes within 3 seconds if the client does not answer, and hears nothing after that', async () => {
    const parts = setUp();
    const { fake, webcaster, session, events } = parts;
    await goLive(parts);
    webcaster.stop = () => new Promise(() => undefined);
    let isClosed = false;
    void session.close().then(() => {
      isClosed = true;
    });
    await fake.advance(3000);
    assert.equal(isClosed, true);
    webcaster.onConnectionStateChange('failed');
    webcaster.onError(new Error('late'));
    webcaster.report(0, 0);
    webcaster.report(0, 0);
    assert.deepEqual(events, []);
    assert.equal(fake.clock.pending, 0);
  });

  it('recovers by itself for 3 seconds', async () => {
    const parts = setUp();
    const { fake, webcaster, session, events, signal } = parts;
    await goLive(parts);
    webcaster.onConnectionStateChange('disconnected');
    assert.deepEqual(events, ['interrupted connection-lost']);
    const restarted = session.restart(signal);
    await fake.advance(1000);
    webcaster.onConnectionStateChange('connected');
    await restarted;
    webcaster.onConnectionStateChange('disconnected');
    const failed = assert.rejects(session.restart(signal), { code: 'connection-lost' });
    await fake.advance(3000);
    await failed;
    assert.equal(fake.clock.pending, 0);
  });

  it('is interrupted after two reports without media, unless the tracks are muted', async () => {
    const parts = setUp();
    const { webcaster, session, events, track, signal } = parts;
    // Reports from before the connection say nothing about it.
    for (let count = 0; count < 3; count += 1) webcaster.report(0, 0);
    await goLive(parts);
    webcaster.report(48_000, 600_000);
    webcaster.report(0, 0);
    assert.deepEqual(events, []);
    track.enabled = false;
    for (let count = 0; count < 3; count += 1) webcaster.report(0, 0);
    assert.deepEqual(events, []);
    track.enabled = true;
    webcaster.report(undefined, 0);
    assert.deepEqual(events, ['stopped', 'interrupted media-stopped']);
    await assert.rejects(session.restart(signal), { code: 'media-stopped' });
  });

  const reports: [what: string, bitrates: readonly (number | undefined)[], outcome: string][] = [
    ['is live after a report that media is sent', [0, 600_000], 'live'],
    ['fails if its reports are without media', [0, 0], 'media-stopped'],
    ['is live if its reports tell nothing', [undefined, undefined], 'live'],
  ];
  for (const [what, bitrates, outcome] of reports) {
    it(`that follows stopped media ${what}`, async () => {
      const { fake, webcaster, session } = setUp();
      const result = start(session, true);
      await fake.advance(0);
      webcaster.answer();
      webcaster.onConnectionStateChange('connected');
      for (const bitrate of bitrates) {
        await fake.advance(10_000);
        assert.equal(result.outcome, 'pending');
        webcaster.report(undefined, bitrate);
      }
      await fake.advance(outcome === 'live' && bitrates.includes(600_000) ? 0 : 5000);
      assert.equal(result.outcome, outcome);
      assert.equal(fake.clock.pending, 0);
    });
  }
});
