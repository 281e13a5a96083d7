import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameRendition } from '../../demo/shared/record/log-playback.js';
import { toMark } from '../../demo/shared/record/request-feed.js';
import { formatDuration, summarizeRecord } from '../../demo/shared/record/summarize-record.js';
import { type RequestMark, TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

function mark(atMs: number, status: number): RequestMark {
  return { key: `${atMs}`, lane: 'media', atMs, status, text: '' };
}

describe('a record of tokens', () => {
  it('ends the use of a token at the next one, and marks a refused token', () => {
    const record = new TimelineRecord();
    record.addToken({ stream: 'a', reason: 'initial', startAtMs: 0, expiresAtMs: 10_000 });
    record.addToken({ stream: 'b', reason: 'initial', startAtMs: 1, expiresAtMs: 10_000 });
    record.addToken({ stream: 'a', reason: 'rejected', startAtMs: 4_000, expiresAtMs: 14_000 });
    const [first, other, second] = record.tokens;
    assert.deepEqual([first?.replacedAtMs, first?.isRefused, first?.ordinal], [4_000, true, 0]);
    assert.deepEqual([other?.replacedAtMs, other?.isRefused, other?.ordinal], [null, false, 0]);
    assert.deepEqual([second?.replacedAtMs, second?.ordinal], [null, 1]);
  });

  it('removes old entries, except those that still apply', () => {
    const record = new TimelineRecord({ keepMs: 1_000 });
    record.addToken({ stream: 'a', reason: 'initial', startAtMs: 0, expiresAtMs: null });
    record.addToken({ stream: 'a', reason: 'manual', startAtMs: 10, expiresAtMs: null });
    record.addRendition('720p', 0);
    record.addRequests([mark(0, 200)]);
    record.addRequests([mark(5_000, 200)]);
    assert.deepEqual(
      record.tokens.map(({ startAtMs }) => startAtMs),
      [10],
    );
    assert.equal(record.requests.length, 1);
    assert.equal(record.renditions.length, 1);
  });

  it('replaces a pending request with its result', () => {
    const record = new TimelineRecord();
    record.addRequests([mark(1, 0)]);
    record.addRequests([mark(1, 403)]);
    assert.deepEqual(
      record.requests.map(({ status }) => status),
      [403],
    );
  });
});

describe('the figures of a record', () => {
  it('count stalls and their duration', () => {
    const record = new TimelineRecord();
    record.setPlayback('playing', 0);
    record.setPlayback('stalled', 1_000);
    record.setPlayback('playing', 2_500);
    record.setPlayback('playing', 2_600);
    const { stalls, stallCount, since } = summarizeRecord(record, 10_000);
    assert.equal(stallCount, 1);
    assert.equal(stalls, '1 (1.5 s)');
    assert.equal(since, 'for 0:07');
  });

  it('show the expiry of the token in use that expires first', () => {
    const record = new TimelineRecord();
    record.addToken({ stream: 'a', reason: 'initial', startAtMs: 0, expiresAtMs: 3_000 });
    record.addToken({ stream: 'a', reason: 'scheduled', startAtMs: 0, expiresAtMs: 70_000 });
    record.addToken({ stream: 'b', reason: 'initial', startAtMs: 0, expiresAtMs: 64_000 });
    assert.equal(summarizeRecord(record, 1_000).tokenEnd, '1:03');
    assert.equal(summarizeRecord(record, 90_000).tokenEnd, 'expired');
  });

  it('are formatted as minutes and seconds', () => {
    assert.equal(formatDuration(7_900), '0:07');
    assert.equal(formatDuration(11_100_000), '3:05:00');
  });
});

describe('marks of requests', () => {
  it('use the page’s clock', () => {
    const [made] = toMark(
      {
        atMs: 1_500,
        method: 'POST',
        path: '/api/tokens',
        query: '',
        kind: 'token',
        status: 503,
        durationMs: 12,
        bytes: 0,
        streams: ['a', 'b'],
        reason: 'scheduled',
      },
      500,
    );
    assert.equal(made?.atMs, 1_000);
    assert.equal(made.lane, 'tokens');
    assert.equal(made.text, 'POST /api/tokens · 503 after 12 ms · a, b, scheduled');
  });
});

describe('the name of a rendition', () => {
  it('is its label, or its height, or its number', () => {
    assert.equal(nameRendition('720p', 720), 'Rendition 720p');
    assert.equal(nameRendition('#0', 480), 'Rendition 480p');
    assert.equal(nameRendition('#0', 0), 'Rendition 1');
  });
});
