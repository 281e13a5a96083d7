import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LiveChannel } from '../../demo/backend/webrtc/ingest/live-channel.js';
import { renderMediaPlaylist } from '../../demo/backend/webrtc/ingest/media-playlist.js';

const NO_RUNS = { runs: [], isIndependent: true } as const;

function startPeriod(channel: LiveChannel): void {
  channel.startPeriod({
    initSegment: new Uint8Array(8),
    contentType: 'video/mp4',
    wallClockMs: Date.UTC(2026, 0, 1),
  });
}

function addParts(channel: LiveChannel, count: number, partsInSegment = 5): void {
  for (let index = 1; index <= count; index += 1) {
    channel.addPart({ ...NO_RUNS, durationMs: 200, endsSegment: index % partsInSegment === 0 });
  }
}

async function bodyOf(channel: LiveChannel): Promise<string> {
  const reply = await channel.playlist();
  return reply.status === 200 ? reply.body : '';
}

describe('renderMediaPlaylist', () => {
  const part = { durationMs: 200, isIndependent: false };

  it('lists the parts of an open segment and a preload hint for the next part', () => {
    const playlist = renderMediaPlaylist({
      folder: 'cam',
      discontinuitySequence: 0,
      isEnded: false,
      segments: [
        {
          sequence: 4,
          initFile: 'init-0.mp4',
          isDiscontinuity: false,
          programDateTimeMs: Date.UTC(2026, 0, 1),
          parts: [{ ...part, isIndependent: true }, part],
          isComplete: false,
        },
      ],
    });
    assert.equal(
      playlist.split('\n').slice(5).join('\n'),
      [
        '#EXT-X-MEDIA-SEQUENCE:4',
        '#EXT-X-MAP:URI="cam/init-0.mp4"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z',
        '#EXT-X-PART:DURATION=0.20000,URI="cam/4.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.20000,URI="cam/4.1.m4s"',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="cam/4.2.m4s"',
        '',
      ].join('\n'),
    );
  });

  it('holds players back by at least three part targets, as the specification requires', () => {
    const playlist = renderMediaPlaylist({
      folder: 'cam',
      discontinuitySequence: 0,
      isEnded: false,
      segments: [],
    });
    const target = Number(/PART-TARGET=([\d.]+)/.exec(playlist)?.[1]);
    const holdBack = Number(/PART-HOLD-BACK=([\d.]+)/.exec(playlist)?.[1]);
    assert.ok(holdBack >= target * 3, `${holdBack} s for parts of ${target} s`);
  });
});

describe('LiveChannel', () => {
  it('answers a blocking reload as soon as the part exists', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 6);
    let isAnswered = false;
    const reply = channel.playlist({ mediaSequence: 1, part: 1 }).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await new Promise(setImmediate);
    assert.equal(isAnswered, false);
    addParts(channel, 1);
    const answer = await reply;
    assert.ok(answer.status === 200 && answer.body.includes('URI="cam/1.1.m4s"'));
  });

  it('answers a reload for a segment when it is complete, and at once for an older one', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 9);
    assert.equal((await channel.playlist({ mediaSequence: 0 })).status, 200);
    const whole = channel.playlist({ mediaSequence: 1 });
    channel.addPart({ ...NO_RUNS, durationMs: 200, endsSegment: true });
    const answer = await whole;
    assert.ok(answer.status === 200 && answer.body.includes('\ncam/1.m4s'));
    // A part number beyond the end of its segment means the first part of the next one.
    const beyond = channel.playlist({ mediaSequence: 1, part: 9 });
    assert.equal((await beyond).status, 200);
  });

  it('refuses a part without a segment, a segment far ahead, and text that is not a number', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 6);
    assert.equal((await channel.playlist({ part: 1 })).status, 400);
    assert.equal((await channel.playlist({ mediaSequence: 4 })).status, 400);
    assert.equal((await channel.playlist({ mediaSequence: NaN })).status, 400);
    assert.equal((await channel.playlist({ mediaSequence: 1, part: -1 })).status, 400);
  });

  it('holds the request for a hinted part until it exists, and finds no later part', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 6);
    const hinted = channel.file('1.1.m4s');
    assert.equal(await channel.file('1.2.m4s'), undefined);
    assert.equal(await channel.file('9.0.m4s'), undefined);
    addParts(channel, 1);
    assert.equal((await hinted)?.contentType, 'video/mp4');
  });

  it('ends a blocked request when the player disconnects or the stream ends', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 6);
    const leaving = new AbortController();
    const left = channel.file('1.1.m4s', leaving.signal);
    leaving.abort();
    assert.equal(await left, undefined);
    const waiting = channel.playlist({ mediaSequence: 2 });
    channel.end();
    const answer = await waiting;
    assert.ok(answer.status === 200 && answer.body.endsWith('#EXT-X-ENDLIST\n'));
    assert.equal(channel.isLive, false);
  });

  it('continues after a discontinuity when a publisher returns, even after the end', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 5);
    channel.end();
    startPeriod(channel);
    addParts(channel, 5);
    const playlist = await bodyOf(channel);
    assert.match(playlist, /\ncam\/0\.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="cam\/init-1\.mp4"\n/);
    assert.match(playlist, /\ncam\/1\.m4s\n/);
    assert.doesNotMatch(playlist, /ENDLIST/);
    assert.equal(channel.isLive, true);
  });

  it('keeps sequence numbers correct while old segments are removed', async () => {
    const channel = new LiveChannel('cam');
    const discontinuityOf = new Map<number, number>();
    for (let period = 0; period < 30; period += 1) {
      startPeriod(channel);
      addParts(channel, 10);
      const playlist = await bodyOf(channel);
      let sequence = Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
      let discontinuity = Number(/DISCONTINUITY-SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0);
      for (const line of playlist.split('\n')) {
        if (line === '#EXT-X-DISCONTINUITY') discontinuity += 1;
        if (!/^cam\/\d+\.m4s$/.test(line)) continue;
        assert.equal(line, `cam/${sequence}.m4s`);
        // RFC 8216 6.2.2: a segment's discontinuity number never changes.
        assert.equal(discontinuityOf.get(sequence) ?? discontinuity, discontinuity, `segment ${sequence}`);
        discontinuityOf.set(sequence, discontinuity);
        assert.ok(await channel.file(`${sequence}.m4s`));
        sequence += 1;
      }
    }
    assert.equal(discontinuityOf.size, 60);
    assert.equal(await channel.file('0.m4s'), undefined);
    assert.equal(await channel.file('init-0.mp4'), undefined);
  });

  it('serves no other file names', async () => {
    const channel = new LiveChannel('cam');
    startPeriod(channel);
    addParts(channel, 5);
    for (const name of ['', '../0.m4s', '0', '-1.m4s', '0.0.0.m4s', '__proto__', 'init-1.mp4', '1e3.m4s']) {
      assert.equal(await channel.file(name), undefined, name);
    }
  });
});
