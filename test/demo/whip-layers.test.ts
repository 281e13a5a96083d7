import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LayeredPackager } from '../../demo/backend/webrtc/ingest/layered-packager.js';
import { LiveChannel } from '../../demo/backend/webrtc/ingest/live-channel.js';
import { MediaReceiver } from '../../demo/backend/webrtc/ingest/media-receiver.js';
import { readSimulcast, withEncodings } from '../../demo/backend/webrtc/ingest/simulcast-offer.js';
import type { MediaPacket, TrackKind } from '../../demo/backend/webrtc/media-packet.js';
import { trackRuns } from './whip-loop/read-boxes.js';
import { aggregate, PPS, slice, SPS_1918X1078, SPS_640X480 } from './whip-loop/synthetic-media.js';

describe('the encodings of an offer', () => {
  const read = (...lines: string[]) =>
    readSimulcast({ kind: 'video', port: 9, direction: 'sendonly', lines: ['m=video 9 X 96', ...lines] });

  it('are those that it names and describes, up to four', () => {
    assert.deepEqual(read(), []);
    assert.deepEqual(read('a=rid:a send'), [], 'not at once');
    assert.deepEqual(read('a=simulcast:send a;b'), [], 'not described');
    const rids = ['a', 'b', 'c', 'd', 'e'].map((rid) => `a=rid:${rid} send pt=96`);
    assert.deepEqual(read(...rids, 'a=simulcast:recv x send a;~b,e;c'), ['a', 'b', 'c']);
    assert.deepEqual(read(...rids, 'a=simulcast:send a;b;c;d;e;a'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(withEncodings(['m=', 'a=rid:a send pt=96', 'a=simulcast:send a;b'], ['a']), [
      'm=',
      'a=rid:a send',
      'a=simulcast:send a',
    ]);
  });
});

/** Pictures take longer to encode than sound. */
const ENCODING_MS = 80;

/** A publisher whose encodings have clocks of their own: 20 ms of sound, 25 pictures per second with a keyframe each second. */
class LayeredSender {
  nowMs = 0;
  readonly #sequences: Record<string, number> = {};
  readonly #packager: Pick<LayeredPackager, 'onRtp' | 'onSenderReport'>;

  constructor(packager: Pick<LayeredPackager, 'onRtp' | 'onSenderReport'>) {
    this.#packager = packager;
  }

  /** @param comes does the picture of this time come in this encoding? */
  runUntil(untilMs: number, comes: (rid: 'l' | 'h', ms: number) => boolean): void {
    for (; this.nowMs < untilMs; this.nowMs += 20) {
      const count = this.nowMs / 20;
      const sound = Buffer.from([0xfc, count >> 8, count & 255, 1]);
      this.#send('audio', { ssrc: 9, payload: sound, timestamp: 777 + this.nowMs * 48 });
      if (this.nowMs % 1000 === 0)
        this.#packager.onSenderReport('audio', 9, 777 + this.nowMs * 48, this.nowMs);
      const pictureMs = this.nowMs - ENCODING_MS;
      if (pictureMs < 0 || pictureMs % 40 !== 0) continue;
      for (const rid of ['l', 'h'] as const) if (comes(rid, pictureMs)) this.#picture(rid, pictureMs);
    }
  }

  #picture(rid: 'l' | 'h', ms: number): void {
    const sps = rid === 'h' ? SPS_1918X1078 : SPS_640X480;
    const payload = ms % 1000 === 0 ? aggregate([sps, PPS, slice(5, ms / 40)]) : slice(1, ms / 40);
    const timestamp = ((rid === 'h' ? 4_294_960_000 : 1000) + ms * 90) % 2 ** 32;
    const ssrc = rid === 'h' ? 2 : 1;
    this.#send('video', { ssrc, rid, payload, timestamp });
    if (ms % 1000 === 0) this.#packager.onSenderReport('video', ssrc, timestamp, ms);
  }

  #send(kind: TrackKind, packet: Omit<MediaPacket, 'sequenceNumber' | 'marker'>): void {
    const key = packet.rid ?? kind;
    const sequenceNumber = (this.#sequences[key] ?? 65_500) % 65_536;
    this.#sequences[key] = sequenceNumber + 1;
    this.#packager.onRtp(kind, { ...packet, sequenceNumber, marker: kind === 'video' }, this.nowMs);
  }
}

describe('HLS of a broadcast with several encodings', () => {
  const always = () => true;

  /** A packager of a channel. `periods` are the widths of its pictures, each with the time of its first one. */
  function setUp() {
    const channel = new LiveChannel('cam');
    const periods: [number, number][] = [];
    const asked: string[] = [];
    const receiver = new MediaReceiver({
      channel,
      hasVideo: true,
      hasAudio: true,
      isLayered: true,
      requestKeyframe: (rid) => asked.push(rid),
      onPeriod: (picture) => periods.push([picture?.width ?? 0, sender.nowMs - ENCODING_MS]),
    });
    const packager = new LayeredPackager(receiver, 2);
    const sender: LayeredSender = new LayeredSender(packager);
    return { channel, periods, asked, packager, sender };
  }

  /** What is in all segments of the playlist. */
  async function published(channel: LiveChannel, track: 1 | 2) {
    const reply = await channel.playlist();
    const playlist = 'body' in reply ? reply.body : '';
    const files = [...playlist.matchAll(/^cam\/(.*m4s)$/gm)].map((match) => match[1] ?? '');
    const segments = await Promise.all(files.map((file) => channel.file(file)));
    return segments
      .flatMap((segment) => (segment ? trackRuns(segment.bytes) : []))
      .filter(({ trackId }) => trackId === track);
  }

  /** Which packets of the sound are published, from the first one on. */
  async function soundOf(channel: LiveChannel): Promise<number[]> {
    const runs = await published(channel, 2);
    return runs
      .flatMap(({ samples }) => samples)
      .map(({ bytes }) => (bytes.length === 4 ? (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0) : -1));
  }

  it('is of the largest one from the start', () => {
    const { periods, sender } = setUp();
    sender.runUntil(2000, always);
    assert.deepEqual(periods, [[1918, 0]]);
  });

  it('is of a smaller one if the largest does not come, and of the largest when that has come for three seconds', () => {
    const { periods, asked, sender } = setUp();
    sender.runUntil(7000, (rid, ms) => rid === 'l' || ms >= 2400);
    assert.deepEqual(periods, [
      [640, 2000],
      [1918, 6000],
    ]);
    assert.deepEqual(asked, ['l', 'h'], 'asks for the keyframe that it waits for');
  });

  it('changes at a keyframe, and loses no sound', async () => {
    const { channel, periods, packager, sender } = setUp();
    // Keyframes at each second: of the smaller one 600 ms after the larger has stopped.
    sender.runUntil(8000, (rid, ms) => rid === 'l' || ms < 2400 || ms >= 3400);
    packager.close();
    assert.deepEqual(periods, [
      [1918, 0],
      [640, 3000],
      [1918, 7000],
    ]);
    const sound = await soundOf(channel);
    // The first packets come before the first picture.
    while (sound[0] === -1) sound.shift();
    const [first = -1] = sound;
    assert.ok(first <= 5 && sound.length >= 390, `${first}, ${sound.length}`);
    assert.deepEqual(
      sound,
      sound.map((_, index) => first + index),
    );
    let endTicks = 0;
    for (const { startTicks, samples } of await published(channel, 1)) {
      assert.equal(startTicks, endTicks, 'no gap in the picture');
      endTicks = samples.reduce((sum, { ticks }) => sum + ticks, startTicks);
    }
    assert.equal(endTicks, 7920 * 90);
  });

  it('stays with an encoding that comes back before a keyframe of the smaller one', () => {
    const { periods, sender } = setUp();
    sender.runUntil(5000, (rid, ms) => rid === 'l' || ms < 2040 || ms >= 2800);
    assert.deepEqual(periods, [[1918, 0]]);
  });

  it('waits twice as long for a larger one that has not lasted', () => {
    const { periods, sender } = setUp();
    // It pauses for two seconds of each ten, as at the edge of a network.
    sender.runUntil(80_000, (rid, ms) => rid === 'l' || ms % 10_000 < 7000 || ms % 10_000 >= 9000);
    assert.deepEqual(
      periods.map(([width]) => width),
      [1918, 640, 1918, 640, 1918, 640],
    );
    sender.runUntil(100_000, always);
    assert.equal(periods.at(-1)?.[0], 1918);
  });
});
