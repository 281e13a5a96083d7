import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LivePublisher } from '../../../demo/backend/webrtc/media-packet.js';
import type { RelayedPacket } from '../../../demo/backend/webrtc/playback/relay-track.js';
import { StreamRelay } from '../../../demo/backend/webrtc/playback/stream-relay.js';
import { ViewerNumbers } from '../../../demo/backend/webrtc/playback/viewer-numbers.js';
import { SPS_640X480, SyntheticSender } from '../whip-loop/synthetic-media.js';

describe('the relay of a stream', () => {
  const publisher = (): LivePublisher => ({
    stream: 'demo',
    hasVideo: true,
    hasAudio: true,
    videoCodec: 'h264',
    requestKeyframe: () => undefined,
  });

  /** A relay, and a viewer that takes whatever it sends. */
  function setUp() {
    const relay = new StreamRelay();
    const numbers = new ViewerNumbers({ clockRate: 90_000, pictureId: undefined });
    const placed: (RelayedPacket | undefined)[] = [];
    relay.join({
      onPacket: (_kind, packet) => placed.push(numbers.place(packet)),
      onReport: () => undefined,
      onActive: () => undefined,
      onCodec: () => undefined,
      onLayer: () => undefined,
    });
    /** A publisher that sends three pictures. */
    const broadcast = (rid: string | undefined, ssrc: number, fromMs: number) => {
      const sink = relay.publish(publisher());
      const sender = new SyntheticSender();
      for (const index of [0, 1, 2]) {
        const nowMs = fromMs + index * 33;
        for (const packet of sender.picture(index, nowMs, index === 0 ? SPS_640X480 : undefined))
          sink.onRtp('video', { ...packet, ssrc, rid }, nowMs);
      }
      return sink;
    };
    return { relay, placed, broadcast };
  }

  it('keeps nothing of the encodings of a publisher whose place another one takes', () => {
    const { relay, broadcast } = setUp();
    for (let session = 0; session < 5; session += 1)
      broadcast(`r${String(session)}`, session, session * 1000);
    const kept = [0, 1, 2, 3, 4].filter((session) => relay.track('video', `r${String(session)}`));
    assert.deepEqual(kept, [4]);
  });

  it('lets the numbers at a viewer continue when the publisher returns', () => {
    const { placed, broadcast } = setUp();
    broadcast(undefined, 1, 0).onEnd(true);
    broadcast(undefined, 2, 2066);
    broadcast('h', 3, 4132);
    const first = placed[0]?.sequence ?? 0;
    assert.deepEqual(
      placed.map((packet) => (packet?.sequence ?? 0) - first),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
    const times = placed.map((packet) => packet?.timestamp ?? 0);
    const pauses = [3, 6].map((index) => ((times[index] ?? 0) - (times[index - 1] ?? 0) + 2 ** 32) % 2 ** 32);
    assert.deepEqual(pauses, [2000 * 90, 2000 * 90]);
  });
});
