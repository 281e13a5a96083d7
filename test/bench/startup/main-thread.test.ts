import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureMainThread, type TraceEvent } from './main-thread.js';

/** An event of a thread that is busy all the time. Times in milliseconds. */
const busy = (name: string, startMs: number, endMs: number, changes = {}): TraceEvent => ({
  name,
  ph: 'X',
  pid: 1,
  tid: 1,
  ts: startMs * 1000,
  dur: (endMs - startMs) * 1000,
  tdur: (endMs - startMs) * 1000,
  ...changes,
});
const instant = (name: string, atMs: number, navigationId = 'page') =>
  busy(name, atMs, atMs, { ph: 'I', args: { data: { navigationId } } });

const start = instant('navigationStart', 0);
const end = instant('first-frame', 100);

describe('measureMainThread', () => {
  it('counts each event without those inside it', () => {
    const { evaluate, compile, other, total } = measureMainThread(
      [
        start,
        busy('RunTask', 10, 30),
        busy('v8.evaluateModule', 12, 28),
        busy('V8.CompileCode', 14, 18),
        end,
      ],
      'first-frame',
    );
    assert.deepEqual([evaluate, compile, other, total], [12, 4, 4, 20]);
  });

  it('counts a call for the event that made it, and as a callback without one', () => {
    const { evaluate, callbacks } = measureMainThread(
      [
        start,
        busy('EvaluateScript', 10, 30),
        busy('FunctionCall', 12, 22),
        busy('RunTask', 40, 50),
        busy('FunctionCall', 41, 49),
        end,
      ],
      'first-frame',
    );
    assert.deepEqual([evaluate, callbacks], [20, 8]);
  });

  it('leaves out other threads, other navigations and what follows the mark', () => {
    const { total } = measureMainThread(
      [
        instant('navigationStart', -50, 'blank'),
        busy('RunTask', -40, -20),
        start,
        busy('RunTask', 10, 20, { tid: 2 }),
        busy('RunTask', 30, 40),
        end,
        busy('RunTask', 110, 150),
      ],
      'first-frame',
    );
    assert.equal(total, 10);
  });

  it('counts processor time, not the time that the thread waited for a processor', () => {
    const { layout } = measureMainThread([start, busy('Layout', 10, 50, { tdur: 3000 }), end], 'first-frame');
    assert.equal(layout, 3);
  });

  it('refuses a trace without the mark', () => {
    assert.throws(() => measureMainThread([start], 'first-frame'), /no mark 'first-frame'/);
  });
});
