import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactText } from '@gatecast/token';
import { addMissedTokens } from '@gatecast/qa/internal/record/missed-tokens';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

describe('tokens from before a page added its listener', () => {
  const events = [
    { type: 'wake', atMs: 900 },
    { type: 'secure-token-refreshed', stream: 'a', reason: 'initial', atMs: 1_000, expiresAtMs: 31_000 },
    { type: 'secure-token-refreshed', stream: 'b', reason: 'manual', atMs: 2_000, expiresAtMs: null },
    { type: 'secure-token-refreshed', stream: 'a', reason: 'unheard of', atMs: 3_000, expiresAtMs: 1 },
  ];

  it('are read from the player’s diagnostics, once each', () => {
    const record = new TimelineRecord();
    record.addToken({ stream: 'c', reason: 'initial', startAtMs: 500, expiresAtMs: 9_000 });
    const player = { diagnostics: () => ({ events }) };
    addMissedTokens(player, record);
    addMissedTokens(player, record);
    assert.deepEqual(
      record.tokens.map(({ stream, startAtMs, expiresAtMs }) => [stream, startAtMs, expiresAtMs]),
      [
        ['c', 500, 9_000],
        ['a', 1_000, 31_000],
        ['b', 2_000, null],
      ],
    );
  });

  it('are those of the stream whose name the diagnostics shorten', () => {
    const record = new TimelineRecord();
    const stream = `live-${btoa('{"alg":"none","a":12}').replaceAll('=', '')}.x`;
    record.addToken({ stream, reason: 'initial', startAtMs: 500, expiresAtMs: 9_000 });
    const shown = redactText(stream);
    assert.notEqual(shown, stream);
    const event = { type: 'secure-token-refreshed', stream: shown, reason: 'manual', atMs: 9_000 };
    const seen = [
      { ...event, expiresAtMs: 9_000 },
      { ...event, expiresAtMs: 18_000 },
    ];
    addMissedTokens({ diagnostics: () => ({ events: seen }) }, record);
    assert.deepEqual(
      record.tokens.map((token) => [token.stream, token.expiresAtMs]),
      [
        [stream, 9_000],
        [stream, 18_000],
      ],
    );
  });

  it('are empty if the diagnostics contain no events', () => {
    const record = new TimelineRecord();
    addMissedTokens({ diagnostics: () => ({}) }, record);
    assert.equal(record.tokens.length, 0);
  });
});
