import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AxisItem } from '../../demo/shared/axis/axis-item.js';
import { composeScene } from '../../demo/shared/axis/axis-scene.js';
import {
  clampSpan,
  formatInstant,
  liveView,
  panView,
  spanOf,
  ticksOf,
  timeAt,
  xOf,
  zoomView,
} from '../../demo/shared/axis/axis-view.js';
import { visibleItems } from '../../demo/shared/axis/visible-items.js';
import { findItem, nextItem, type FoundItem } from '../../demo/shared/axis/find-item.js';
import { exportRecord, writeReport } from '../../demo/lab/export-session.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

const view = { startAtMs: 0, endAtMs: 10_000 };

function createRecord(): TimelineRecord {
  const record = new TimelineRecord({ keepMs: Infinity });
  record.addToken({ stream: 'demo', reason: 'initial', startAtMs: 1_000, expiresAtMs: 6_000 });
  record.addToken({ stream: 'demo', reason: 'rejected', startAtMs: 4_000, expiresAtMs: 9_000 });
  record.setPlayback('playing', 1_500);
  record.setPlayback('stalled', 3_000);
  record.setPlayback('playing', 4_200);
  record.addRequests([{ key: '1', lane: 'media', atMs: 3_000, status: 403, text: 'GET /live/a.m4s' }]);
  record.addTokenFailure({ stream: 'demo', atMs: 3_500, message: 'no answer' });
  return record;
}

describe('the view of the time axis', () => {
  it('keeps the instant under the pointer in place while it zooms', () => {
    const zoomed = zoomView(view, 0.5, 2_000);
    assert.equal(xOf(2_000, zoomed, 800), xOf(2_000, view, 800));
    assert.equal(spanOf(zoomed), 5_000);
  });

  it('limits the zoom in both directions', () => {
    assert.equal(spanOf(zoomView(view, 1e-9, 0)), clampSpan(0));
    assert.equal(spanOf(zoomView(view, 1e9, 0)), clampSpan(Infinity));
  });

  it('converts between time and position', () => {
    assert.equal(timeAt(xOf(7_300, view, 640), view, 640), 7_300);
    assert.deepEqual(panView(view, -500), { startAtMs: -500, endAtMs: 9_500 });
  });

  it('shows part of the future while it follows the current time', () => {
    const { startAtMs, endAtMs } = liveView(100_000, 50_000);
    assert.equal(endAtMs - startAtMs, 50_000);
    assert.ok(endAtMs > 100_000 && endAtMs < 120_000);
  });

  it('has ticks at round times, at most as many as fit', () => {
    const ticks = ticksOf(view, 6);
    assert.deepEqual(
      ticks.map(({ atMs }) => atMs),
      [0, 2_000, 4_000, 6_000, 8_000, 10_000],
    );
    assert.ok(formatInstant(1_234, true).endsWith('.2'));
  });
});

describe('the scene of the time axis', () => {
  const scene = composeScene(createRecord(), { streams: ['demo'], hasBroadcast: false });

  /** All marks in order, found from the last one back, as with the arrow keys. */
  function itemsInOrder(): FoundItem[] {
    const found: FoundItem[] = [];
    for (let at = nextItem(scene, undefined, 1); at; at = nextItem(scene, at.item, -1)) found.unshift(at);
    return found;
  }

  it('lets the arrow keys visit every mark in order of time', () => {
    const times = itemsInOrder().map(({ item }) => item.fromMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    const first = itemsInOrder()[0];
    assert.ok(first, 'there is a mark');
    assert.equal(nextItem(scene, first.item, -1), undefined);
    assert.deepEqual(nextItem(scene, first.item, 1), itemsInOrder()[1]);
  });

  const lane = (title: string) => scene.lanes.find((each) => each.title === title);

  it('shows a token’s lifetime, its reason, how long it was used, and that it was refused', () => {
    const first = lane('Token · demo')?.items[0];
    assert.equal(first?.label, 'first');
    assert.equal(first.usedToMs, 4_000);
    assert.match(first.details, /lifetime 5\.0 s, used for 3\.0 s, then refused/);
  });

  it('shows stalls with their duration, failures, and the status of failed requests', () => {
    const texts = itemsInOrder().map(({ item }) => item.details);
    assert.ok(texts.includes('Stalled for 1.2 s'));
    assert.ok(texts.includes('Token request failed: no answer'));
    assert.equal(lane('Media')?.items[0]?.label, '403');
  });

  it('shows the ingest only if there is a broadcast', () => {
    const titles = (hasBroadcast: boolean): string[] =>
      composeScene(createRecord(), { streams: [], hasBroadcast }).lanes.map(({ title }) => title);
    assert.ok(!titles(false).includes('Ingest'));
    assert.ok(titles(true).includes('Ingest') && titles(true).includes('Broadcast'));
  });

  it('finds the item under the pointer, a tick before the bar below it', () => {
    const at = (atMs: number, title: string, share: number) => {
      let top = 0;
      for (const each of scene.lanes) {
        const y = top + each.height * share;
        if (each.title === title)
          return findItem(scene, view, { x: xOf(atMs, view, 1_000), y, width: 1_000 });
        top += each.height;
      }
      return null;
    };
    assert.equal(at(3_000, 'Media', 0.9)?.item.label, '403');
    assert.equal(at(5_000, 'Token · demo', 0.5)?.item.label, 'first');
    assert.equal(at(5_000, 'Token · demo', 0.9)?.item.label, 'after refusal');
    assert.equal(at(9_900, 'Media', 0.9), null);
  });
});

describe('the requests on a lane', () => {
  const tick = (atMs: number, label = ''): AxisItem => ({
    shape: 'tick',
    fromMs: atMs,
    toMs: atMs,
    tone: 'good',
    label,
    details: '',
  });

  it('are omitted if they overlap or are out of view, unless they failed', () => {
    const items = [tick(-1), tick(0), tick(10), tick(20, '403'), tick(100), tick(10_001)];
    assert.deepEqual(
      visibleItems(items, view, 1_000).map(({ fromMs }) => fromMs),
      [0, 20, 100],
    );
  });

  it('have no lane on a compact axis', () => {
    const { lanes } = composeScene(createRecord(), {
      streams: ['demo'],
      hasBroadcast: false,
      isCompact: true,
    });
    assert.deepEqual(
      lanes.map(({ title }) => title),
      ['Playback and rendition', 'Token · demo'],
    );
  });
});

describe('what the lab exports', () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(24)}.${'b'.repeat(24)}`;

  it('contains no token, wherever the record contained one', () => {
    const record = createRecord();
    record.addIncident('error', `GET https://cdn.example/live.m3u8?token=${jwt} was refused`);
    record.addTokenFailure({ stream: 'demo', atMs: 1, message: `Bearer ${jwt}` });
    const report = writeReport(record, {
      settings: { src: `https://cdn.example/live.m3u8?token=${jwt}` },
      results: [],
      player: { security: { token: jwt } },
      webcaster: null,
      userAgent: 'test',
      atMs: 0,
    });
    const texts = [report, JSON.stringify(exportRecord(record))];
    assert.deepEqual(
      texts.map((text) => text.includes('aaaa') || text.includes('bbbb')),
      [false, false],
    );
  });

  it('still describes the events', () => {
    const text = JSON.stringify(exportRecord(createRecord()));
    for (const word of ['"stalled"', '"rejected"', '/live/a.m4s', '403'])
      assert.ok(text.includes(word), word);
  });
});
