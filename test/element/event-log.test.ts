import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '@gatecast/element';

describe('the log of an element’s events', () => {
  it('keeps the last 50 events, oldest first', () => {
    const log = new EventLog();
    for (let number = 0; number < 60; number += 1) log.add('note', { number });
    const numbers = log.toJSON().map((event) => event['number']);
    assert.deepEqual(
      numbers,
      Array.from({ length: 50 }, (_, index) => index + 10),
    );
  });

  it('redacts details when they are added', () => {
    const log = new EventLog();
    log.add('note', { url: 'https://a.example/x.m3u8?token=secret-1', token: 'secret-2' });
    const text = JSON.stringify(log);
    assert.doesNotMatch(text, /secret/);
    assert.match(text, /https:\/\/a\.example\/x\.m3u8/);
  });

  it('keeps its own time and type where details have fields of these names', () => {
    const log = new EventLog();
    const beforeMs = Date.now();
    log.add('note', { type: 'up', atMs: 1 });
    const [event] = log.toJSON();
    assert.equal(event?.type, 'note');
    assert.ok(event.atMs >= beforeMs);
  });

  it('returns a copy, so that later events do not change it', () => {
    const log = new EventLog();
    log.add('first');
    const copy = log.toJSON();
    log.add('second');
    assert.equal(copy.length, 1);
  });
});
