import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  saysMediaIsSent,
  SentMediaReports,
} from '@gatecast/webcaster/internal/publisher/nanostream-v6/sent-media-reports';

type Value = number | string | undefined;

const report = (audio: Value, video: Value) => ({
  rtcstats: { audio: { bitrate: { value: audio } }, video: { bitrate: { value: video } } },
});

describe('a report of the vendor’s v6 client', () => {
  const cases: [what: string, metrics: Parameters<typeof saysMediaIsSent>[0], expected: boolean | null][] = [
    ['sends both kinds', report(48_000, 600_000), true],
    ['sends one kind', report(48_000, 0), true],
    ['sends one kind, the other is unknown', report(undefined, 600_000), true],
    ['sends nothing', report(0, 0), false],
    ['sends nothing of the only known kind', report(undefined, 0), false],
    ['knows nothing yet', report(undefined, undefined), null],
    ['has text instead of numbers', report('48', ''), null],
    ['reports an error', { errorCode: 11_001, ...report(0, 0) }, null],
    ['has no statistics', {}, null],
  ];
  for (const [what, metrics, expected] of cases) {
    it(`that ${what} says ${String(expected)}`, () => {
      assert.equal(saysMediaIsSent(metrics), expected);
    });
  }
});

describe('SentMediaReports', () => {
  it('tells once that media stopped, after two silent reports in a row', () => {
    const reports = new SentMediaReports();
    const said = [true, false, true, false, null, false, false, true, false, false];
    assert.deepEqual(
      said.map((isSent) => reports.add(isSent)),
      [false, false, false, false, false, true, false, false, false, true],
    );
  });
});
