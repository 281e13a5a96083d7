import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clipTiming, renditions } from '../../demo/clip/clip-timing.js';
import { type ClipRendition, loadClip, segmentAt } from '../../demo/backend/live-origin/clip.js';
import { readFragment } from '../../demo/backend/live-origin/fragment.js';
import { findBox } from '../../demo/backend/live-origin/mp4-boxes.js';
import { packTransportStream } from '../../demo/backend/live-origin/transport-stream.js';
import { readTransportStream } from './support/read-transport-stream.js';

const clip = loadClip();
/** A sequence number years into the timeline, two segments before the clip restarts. */
const start = 3_600_000 * clipTiming.segmentCount - 2;
const overTwoSeams = Array.from({ length: clipTiming.segmentCount + 4 }, (_, index) => start + index);

function renditionOf(label: 'high' | 'medium' | 'low'): ClipRendition {
  const found = clip.get(label);
  assert.ok(found);
  return found;
}

describe('the looped clip', () => {
  for (const { label } of renditions) {
    it(`has no gap and no overlap on either track of ${label}`, () => {
      const rendition = renditionOf(label);
      const expected = new Map<number, number>();
      for (const sequence of overTwoSeams) {
        for (const { trackId, samples } of readFragment(segmentAt(rendition, sequence))) {
          const timescale = rendition.timescales.get(trackId) ?? 0;
          let next = expected.get(trackId);
          for (const sample of samples) {
            if (next !== undefined) assert.equal(sample.decodeTime, next, `${sequence}, track ${trackId}`);
            next = sample.decodeTime + sample.duration;
          }
          if (next !== undefined) expected.set(trackId, next);
          // Segments match the playlist to within one audio frame.
          const startsAt = (samples[0]?.decodeTime ?? 0) / timescale;
          const offset = startsAt - (sequence * clipTiming.segmentMs) / 1000;
          assert.ok(offset >= 0 && offset < 0.033, `${sequence} begins ${offset} s off`);
        }
      }
      assert.equal(expected.size, 2);
    });

    it(`can be played from every segment of ${label}`, () => {
      for (const sequence of overTwoSeams) {
        const [video] = readFragment(segmentAt(renditionOf(label), sequence));
        assert.deepEqual(
          video?.samples.map((sample) => sample.isSync),
          [true, ...Array.from({ length: 49 }, () => false)],
        );
      }
    });

    it(`decodes the audio of ${label} at the rate of its timestamps`, () => {
      const { init, tracks } = renditionOf(label);
      const at = Buffer.from(init).indexOf('esds');
      // AudioSpecificConfig after tag and length: 5 bits object type, 4 bits sampling frequency index.
      const config = Buffer.from(init).indexOf(Buffer.from([0x05, 0x80, 0x80, 0x80, 0x02]), at) + 5;
      const bits = Buffer.from(init).readUInt16BE(config);
      assert.deepEqual([bits >> 11, (bits >> 7) & 15], [2, 5], 'AAC-LC at 32 kHz');
      assert.equal(tracks.find((track) => track.kind === 'audio')?.timescale, clipTiming.audioSampleRateHz);
    });
  }

  it('numbers its fragments and continues its timeline past 32 bits', () => {
    const fragment = segmentAt(renditionOf('low'), start);
    const view = new DataView(fragment.buffer);
    assert.equal(view.getUint32(findBox(fragment, 'moof/mfhd').bodyStart + 4), start + 1);
    assert.ok((readFragment(fragment)[0]?.samples[0]?.decodeTime ?? 0) > 2 ** 32);
  });
});

describe('the looped clip as transport stream', () => {
  it('has continuous timestamps, clock references and continuity counters across the loop', () => {
    const segments = overTwoSeams.map((sequence) => packTransportStream(renditionOf('low'), sequence));
    const { pids, timestamps, clockReferences } = readTransportStream(Buffer.concat(segments));
    assert.deepEqual([...pids.keys()].sort(), [0, 0x100, 0x1000, 0x101].sort());
    for (const [pid, counters] of pids) {
      counters.forEach((counter, index) => {
        if (index > 0)
          assert.equal(counter, ((counters[index - 1] ?? 0) + 1) % 16, `packet ${index} of ${pid}`);
      });
    }
    const steps = { 0x100: 3_600, 0x101: 2_880 };
    for (const [pid, step] of Object.entries(steps)) {
      const times = timestamps.get(Number(pid)) ?? [];
      assert.ok(times.length > 1_500);
      times.forEach((time, index) => {
        const previous = times[index - 1];
        if (previous !== undefined) assert.equal((time - previous + 2 ** 33) % 2 ** 33, step);
      });
    }
    assert.equal(clockReferences.length, timestamps.get(0x100)?.length);
  });

  it('wraps its 33-bit clock without a break', () => {
    // The segment in which the 33-bit clock of 90 kHz wraps.
    const wrapping = Math.floor(2 ** 33 / 90 / clipTiming.segmentMs);
    const segments = [wrapping - 1, wrapping, wrapping + 1].map((sequence) =>
      packTransportStream(renditionOf('low'), sequence),
    );
    const times = readTransportStream(Buffer.concat(segments)).timestamps.get(0x100) ?? [];
    assert.ok(
      times.some((time, index) => time < (times[index - 1] ?? 0)),
      'the clock wraps here',
    );
    times.forEach((time, index) => {
      const previous = times[index - 1];
      if (previous !== undefined) assert.equal((time - previous + 2 ** 33) % 2 ** 33, 3_600);
    });
  });
});
