import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaStopped } from '@gatecast/webcaster/internal/publisher/publisher-errors';
import { isSendingExpected } from '@gatecast/webcaster/internal/publisher/whip/sending';
import { MediaFlow } from '@gatecast/webrtc';
import { FakeClock } from '../support/fake-clock.js';

interface Track {
  enabled: boolean;
  readyState: string;
  canvas?: true;
  getSettings(): { displaySurface?: string };
}

/** A peer connection that sends as many packets a second as the test says. */
class FakePeer {
  connectionState = 'connected';
  packetsSent: number | undefined = 0;
  readonly track: Track = { enabled: true, readyState: 'live', getSettings: () => ({}) };

  currentDirection = 'sendonly';

  getTransceivers(): { sender: { track: Track }; currentDirection: string }[] {
    return [{ sender: { track: this.track }, currentDirection: this.currentDirection }];
  }

  getStats(): Promise<Map<string, unknown>> {
    const stat = { type: 'outbound-rtp', packetsSent: this.packetsSent };
    return Promise.resolve(new Map([['video', stat]]));
  }
}

function setUp() {
  const fake = new FakeClock();
  const peer = new FakePeer();
  const controller = new AbortController();
  const flow = new MediaFlow(peer as never, fake.clock, {
    direction: 'sent',
    isExpected: () => isSendingExpected(peer as never),
    stopped: mediaStopped,
  });
  const stops: number[] = [];
  const starts: number[] = [];
  const startMs = fake.wallMs;
  return {
    peer,
    flow,
    fake,
    stops,
    starts,
    signal: controller.signal,
    watch: () => {
      const onStopped = () => void stops.push(fake.wallMs - startMs);
      const onFlowing = () => void starts.push(fake.wallMs - startMs);
      void flow.watch({ onStopped, onFlowing }, controller.signal);
    },
    end: () => controller.abort(),
  };
}

describe('MediaFlow', () => {
  it('waits for the first packet', async () => {
    const { peer, flow, fake, signal } = setUp();
    let isSending = false;
    void flow.whenFlowing(5000, signal).then(() => {
      isSending = true;
    });
    await fake.advance(3000);
    assert.equal(isSending, false);
    peer.packetsSent = 1;
    await fake.advance(100);
    assert.equal(isSending, true);
    assert.equal(fake.clock.pending, 0);
  });

  it('reports media-stopped if no packet is sent in time', async () => {
    const { flow, fake, signal } = setUp();
    const outcome = assert.rejects(flow.whenFlowing(5000, signal), {
      code: 'media-stopped',
      retryable: true,
    });
    await fake.advance(5100);
    await outcome;
    assert.equal(fake.clock.pending, 0);
  });

  it('ends its wait with the reason of the signal', async () => {
    const { flow, fake, signal, end } = setUp();
    const outcome = assert.rejects(flow.whenFlowing(5000, signal), { name: 'AbortError' });
    await fake.advance(1000);
    end();
    await outcome;
    assert.equal(fake.clock.pending, 0);
  });

  it('reports once that media stopped, after five seconds without a packet, and again after media came back', async () => {
    const { peer, fake, stops, starts, watch, end } = setUp();
    watch();
    for (let second = 0; second < 10; second += 1) {
      peer.packetsSent = (peer.packetsSent ?? 0) + 50;
      await fake.advance(1000);
    }
    assert.deepEqual(stops, []);
    await fake.advance(4000);
    assert.deepEqual(stops, []);
    await fake.advance(20_000);
    assert.deepEqual(stops, [15_000]);
    peer.packetsSent = (peer.packetsSent ?? 0) + 1;
    await fake.advance(6000);
    assert.equal(stops.length, 2);
    assert.equal(starts.length, 1);
    end();
    await fake.advance(1000);
    assert.equal(fake.clock.pending, 0);
  });

  it('does not take a receiver without a statistics entry for one that receives', async () => {
    const fake = new FakeClock();
    const report = new Map<string, unknown>();
    const peer = { connectionState: 'connected', getStats: () => Promise.resolve(report) };
    const flow = new MediaFlow(peer as never, fake.clock, {
      direction: 'received',
      isExpected: () => true,
      stopped: mediaStopped,
    });
    const { signal } = new AbortController();
    const outcome = assert.rejects(flow.whenFlowing(1000, signal), { code: 'media-stopped' });
    await fake.advance(1100);
    await outcome;
    report.set('v', { type: 'inbound-rtp', packetsReceived: 1 });
    await flow.whenFlowing(1000, signal);
    report.set('v', { type: 'inbound-rtp' });
    await flow.whenFlowing(1000, signal);
  });

  const silent: [what: string, change: (peer: FakePeer) => void][] = [
    ['while the tracks are muted', ({ track }) => void (track.enabled = false)],
    ['for a canvas, which may not change', ({ track }) => void (track.canvas = true)],
    [
      'for a shared screen, which may not change',
      ({ track }) => void (track.getSettings = () => ({ displaySurface: 'monitor' })),
    ],
    [
      'while the connection is lost, which is reported elsewhere',
      (peer) => void (peer.connectionState = 'disconnected'),
    ],
    ['for media that the ingest does not receive', (peer) => void (peer.currentDirection = 'inactive')],
    ['in an engine without the counters', (peer) => void (peer.packetsSent = undefined)],
  ];
  for (const [what, change] of silent) {
    it(`reports nothing ${what}`, async () => {
      const { peer, fake, stops, watch, end } = setUp();
      change(peer);
      watch();
      await fake.advance(20_000);
      assert.deepEqual(stops, []);
      end();
      await fake.advance(1000);
    });
  }
});
