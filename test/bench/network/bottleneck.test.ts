import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bottleneck } from './bottleneck.js';

test('packets leave one after another at the rate', () => {
  const bottleneck = new Bottleneck({ kbps: 100, queueMs: 300 });
  assert.equal(bottleneck.pass(1250, 0), 100);
  assert.equal(bottleneck.pass(1250, 10), 200);
  assert.equal(bottleneck.pass(1250, 1000), 1100);
});

test('a packet that would wait longer than the queue is lost, and takes no time', () => {
  const bottleneck = new Bottleneck({ kbps: 100, queueMs: 150 });
  bottleneck.pass(1250, 0);
  bottleneck.pass(1250, 0);
  assert.equal(bottleneck.pass(1250, 0), null);
  assert.equal(bottleneck.pass(1250, 60), 300);
});

test('without a rate nothing waits', () => {
  const bottleneck = new Bottleneck({ kbps: 100, queueMs: 300 });
  bottleneck.setRate(null);
  assert.equal(bottleneck.pass(1250, 5), 5);
  assert.equal(bottleneck.pass(1250, 5), 5);
});
