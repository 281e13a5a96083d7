import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AudioChain } from '../../demo/backend/webrtc/ingest/audio-chain.js';
import { buildInitSegment } from '../../demo/backend/webrtc/ingest/init-segment.js';
import { LiveChannel } from '../../demo/backend/webrtc/ingest/live-channel.js';
import { buildMediaFragment } from '../../demo/backend/webrtc/ingest/media-fragment.js';
import { MediaReceiver } from '../../demo/backend/webrtc/ingest/media-receiver.js';
import { OPUS_SILENCE } from '../../demo/backend/webrtc/ingest/opus-packet.js';
import { PartCutter } from '../../demo/backend/webrtc/ingest/part-cutter.js';
import type { CutPart } from '../../demo/backend/webrtc/ingest/part-cutter.js';
import { boxNames, trackRuns } from './whip-loop/read-boxes.js';
import {
  OPUS_PACKET,
  PPS,
  SPS_1918X1078,
  SPS_640X480,
  SyntheticSender,
} from './whip-loop/synthetic-media.js';

const FRAME_MS = 1000 / 30;

async function playlistOf(channel: LiveChannel): Promise<string> {
  const reply = await channel.playlist();
  assert.equal(reply.status, 200);
  return 'body' in reply ? reply.body : '';
}

/** Sends packets of a camera and a microphone, with a keyframe each second. */
function send(
  receiver: MediaReceiver,
  sender: SyntheticSender,
  {
    fromMs = 0,
    ms,
    sps = SPS_640X480,
    audio = true,
  }: { fromMs?: number; ms: number; sps?: Buffer; audio?: boolean },
): void {
  const frames = Math.round(ms / FRAME_MS);
  for (let index = 0; index < frames; index += 1) {
    const timeMs = fromMs + index * FRAME_MS;
    for (const packet of sender.picture(index, timeMs, index % 30 === 0 ? sps : undefined)) {
      receiver.onRtp('video', packet, timeMs);
    }
    if (!audio) continue;
    for (let audioMs = Math.ceil(timeMs / 20) * 20; audioMs < timeMs + FRAME_MS; audioMs += 20) {
      receiver.onRtp('audio', sender.audio(audioMs), audioMs);
    }
  }
}

function createReceiver(options: { hasVideo?: boolean; hasAudio?: boolean } = {}) {
  const channel = new LiveChannel('cam');
  let keyframeRequests = 0;
  const receiver = new MediaReceiver({
    channel,
    hasVideo: options.hasVideo ?? true,
    hasAudio: options.hasAudio ?? true,
    requestKeyframe: () => {
      keyframeRequests += 1;
    },
  });
  return { channel, receiver, keyframeRequests: () => keyframeRequests };
}

async function runsOf(channel: LiveChannel, track: number) {
  const playlist = await playlistOf(channel);
  const files = [...playlist.matchAll(/^cam\/(.*m4s)$/gm)].map((match) => match[1] ?? '');
  const segments = await Promise.all(files.map((file) => channel.file(file)));
  return segments
    .flatMap((segment) => (segment ? trackRuns(segment.bytes) : []))
    .filter((run) => run.trackId === track);
}

describe('buildInitSegment', () => {
  it('describes an H.264 and an Opus track', () => {
    const init = buildInitSegment({ video: { sps: SPS_640X480, pps: PPS }, audio: { channels: 2 } });
    const names = boxNames(init);
    assert.deepEqual(
      names.filter((name) => ['ftyp', 'moov', 'avc1', 'avcC', 'Opus', 'dOps'].includes(name)),
      ['ftyp', 'moov', 'avc1', 'avcC', 'Opus', 'dOps'],
    );
    assert.equal(names.filter((name) => name === 'trak').length, 2);
    assert.equal(names.filter((name) => name === 'trex').length, 2);
  });

  it('contains only the given tracks', () => {
    assert.ok(!boxNames(buildInitSegment({ audio: { channels: 2 } })).includes('avc1'));
    assert.ok(!boxNames(buildInitSegment({ video: { sps: SPS_640X480, pps: PPS } })).includes('Opus'));
  });
});

describe('buildMediaFragment', () => {
  it('points each track at its own samples', () => {
    const fragment = buildMediaFragment(7, [
      {
        trackId: 1,
        startTicks: 2 ** 33,
        samples: [
          { ticks: 3000, bytes: Uint8Array.of(1, 1), isKeyframe: true },
          { ticks: 3001, bytes: Uint8Array.of(2), isKeyframe: false },
        ],
      },
      {
        trackId: 2,
        startTicks: 5,
        samples: [{ ticks: 960, bytes: Uint8Array.of(9, 9, 9), isKeyframe: true }],
      },
    ]);
    assert.deepEqual(
      trackRuns(fragment).map(({ trackId, startTicks, samples }) => [
        trackId,
        startTicks,
        samples.map(({ ticks, bytes, isKeyframe }) => [ticks, [...bytes], isKeyframe]),
      ]),
      [
        [
          1,
          2 ** 33,
          [
            [3000, [1, 1], true],
            [3001, [2], false],
          ],
        ],
        [2, 5, [[960, [9, 9, 9], true]]],
      ],
    );
  });
});

describe('AudioChain', () => {
  it('fills lost packets with silence and drops late ones', () => {
    const chain = new AudioChain(0);
    chain.push(OPUS_PACKET, 0);
    chain.push(OPUS_PACKET, 960 * 6);
    chain.push(OPUS_PACKET, 960);
    const { samples } = chain.takeUntil(Infinity);
    assert.deepEqual(
      samples.map(({ bytes }) => bytes === OPUS_SILENCE),
      [false, true, true, true, true, true, false],
    );
  });

  it('adjusts gradually to a deviating clock without cutting audio', () => {
    const chain = new AudioChain(0);
    // The sender's packets are 40 ms later than the chain expects.
    for (let index = 0; index < 100; index += 1) chain.push(OPUS_PACKET, index * 960 + 1920);
    const { samples } = chain.takeUntil(Infinity);
    assert.equal(samples.length, 100);
    assert.ok(Math.abs(chain.endTicks - (100 * 960 + 1920)) < 48, `chain ends at ${chain.endTicks}`);
    assert.ok(samples.every(({ ticks }) => ticks <= 1008));
  });
});

describe('PartCutter', () => {
  function cut(frameTimesMs: readonly number[], isKeyframe: (index: number) => boolean): CutPart[] {
    const parts: CutPart[] = [];
    const cutter = new PartCutter({
      hasVideo: true,
      hasAudio: false,
      startMs: 0,
      onPart: (part) => {
        parts.push(part);
      },
    });
    frameTimesMs.forEach((timeMs, index) => {
      cutter.pushVideo(Uint8Array.of(index), timeMs, isKeyframe(index));
    });
    cutter.flush();
    return parts;
  }

  it('puts six frames into a part at 30 frames per second, and starts segments at keyframes', () => {
    const times = Array.from({ length: 61 }, (_, index) => index * FRAME_MS);
    const parts = cut(times, (index) => index % 30 === 0);
    assert.deepEqual(
      parts.slice(0, 10).map((part) => Math.round(part.durationMs)),
      Array(10).fill(200),
    );
    assert.deepEqual(
      parts.map((part) => part.endsSegment),
      [false, false, false, false, true, false, false, false, false, true, true],
    );
    assert.deepEqual(
      parts.map((part) => part.isIndependent),
      [true, false, false, false, false, true, false, false, false, false, true],
    );
  });

  it('ends a segment within two seconds without a keyframe', () => {
    const times = Array.from({ length: 120 }, (_, index) => index * FRAME_MS);
    const parts = cut(times, (index) => index === 0);
    let segmentMs = 0;
    for (const part of parts) {
      segmentMs += part.durationMs;
      assert.ok(segmentMs < 2000.5, `a segment of ${segmentMs} ms`);
      if (part.endsSegment) segmentMs = 0;
    }
  });

  it('has no gap and no overlap for frames at irregular intervals', () => {
    let timeMs = 0;
    const times = Array.from(
      { length: 200 },
      (_, index) => (timeMs += [0, 33, 40, 25, 70, 31, 0][index % 7] ?? 0),
    );
    const parts = cut(times, (index) => index % 31 === 0);
    let expectedTicks = 0;
    for (const { runs } of parts) {
      const [video] = runs;
      assert.equal(video?.startTicks, expectedTicks);
      for (const { ticks } of video.samples) {
        assert.ok(ticks > 0);
        expectedTicks += ticks;
      }
    }
  });
});

describe('MediaReceiver', () => {
  it('publishes contiguous video and audio from the first keyframe on', async () => {
    const { channel, receiver } = createReceiver();
    const sender = new SyntheticSender();
    // Frames before a keyframe cannot be decoded.
    for (const packet of sender.picture(0, 0)) receiver.onRtp('video', packet, 0);
    assert.equal(channel.hasMedia, false);
    send(receiver, sender, { fromMs: 100, ms: 5000 });
    receiver.close();
    for (const [track, clock] of [
      [1, 90],
      [2, 48],
    ] as const) {
      let expected: number | undefined;
      for (const run of await runsOf(channel, track)) {
        expected ??= run.startTicks;
        assert.equal(run.startTicks, expected, `track ${track}`);
        for (const { ticks } of run.samples) expected += ticks;
      }
      assert.ok(Math.abs((expected ?? 0) / clock - 5000) < 60, `track ${track} ends at ${expected}`);
    }
  });

  it('starts a new init segment after a discontinuity when the picture size changes', async () => {
    const { channel, receiver } = createReceiver();
    const sender = new SyntheticSender();
    send(receiver, sender, { ms: 2000 });
    send(receiver, sender, { fromMs: 2000, ms: 2000, sps: SPS_1918X1078 });
    receiver.close();
    const playlist = await playlistOf(channel);
    assert.deepEqual(
      [...playlist.matchAll(/EXT-X-MAP:URI="(.*)"/g)].map((match) => match[1]),
      ['cam/init-0.mp4', 'cam/init-1.mp4'],
    );
    assert.match(playlist, /#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="cam\/init-1.mp4"/);
    assert.ok(await channel.file('init-0.mp4'));
    assert.ok(Math.abs(channel.endMs - 4000) < 40, `the timeline ends at ${channel.endMs}`);
  });

  it('requests a keyframe after packet loss and waits for it', async () => {
    const { channel, receiver, keyframeRequests } = createReceiver({ hasAudio: false });
    const sender = new SyntheticSender();
    send(receiver, sender, { ms: 1000, audio: false });
    sender.picture(0, 1000);
    assert.equal(keyframeRequests(), 0);
    for (let index = 1; index < 20; index += 1) {
      for (const packet of sender.picture(index, 1000 + index * FRAME_MS)) {
        receiver.onRtp('video', packet, 1000 + index * FRAME_MS);
      }
    }
    assert.equal(keyframeRequests(), 1);
    send(receiver, sender, { fromMs: 1700, ms: 1000, audio: false });
    receiver.close();
    const keyframes = (await runsOf(channel, 1))
      .flatMap((run) => run.samples)
      .filter(({ isKeyframe }) => isKeyframe);
    assert.equal(keyframes.length, 2);
    assert.ok(Math.abs(channel.endMs - 2700) < 40, `the timeline ends at ${channel.endMs}`);
  });

  it('publishes audio alone, and silence when a negotiated microphone sends nothing', async () => {
    const alone = createReceiver({ hasVideo: false });
    const sender = new SyntheticSender();
    for (let timeMs = 0; timeMs < 3000; timeMs += 20)
      alone.receiver.onRtp('audio', sender.audio(timeMs), timeMs);
    alone.receiver.close();
    assert.ok(Math.abs(alone.channel.endMs - 3000) < 1);

    const mute = createReceiver();
    send(mute.receiver, new SyntheticSender(), { ms: 3000, audio: false });
    mute.receiver.close();
    const audio = (await runsOf(mute.channel, 2)).flatMap((run) => run.samples);
    assert.ok(audio.length > 140, `${audio.length} packets of silence`);
  });

  it('cuts a long pause instead of playing a still picture', () => {
    const { channel, receiver } = createReceiver({ hasAudio: false });
    const sender = new SyntheticSender();
    send(receiver, sender, { ms: 2000, audio: false });
    send(receiver, sender, { fromMs: 20_000, ms: 2000, audio: false });
    receiver.close();
    assert.ok(Math.abs(channel.endMs - 4000) < 80, `the timeline ends at ${channel.endMs}`);
  });
});
