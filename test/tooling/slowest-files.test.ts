import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slowestFiles } from '../support/runner/slowest-files.js';
import { parseResults } from '../support/runner/test-results.js';

const never = (): never => assert.fail('A file ran again.');

describe('slowestFiles', () => {
  it('lists the files of all batches by their durations, with their engine', () => {
    const lines = [
      { type: 'file-ended', file: 'a.test.ts', problems: [], seconds: 2 },
      { type: 'file-ended', file: 'b.test.ts', problems: [], seconds: 71.26 },
    ];
    const browser = parseResults(lines.map((line) => JSON.stringify(line)).join('\n')).files;
    const node = [
      { file: 'c.test.ts', tests: [], problems: [], seconds: 3.5 },
      { file: 'shared.test.ts', tests: [], problems: [] },
    ];
    const batches = [
      { label: undefined, files: node, runAlone: never },
      { label: 'Firefox', files: browser, runAlone: never },
    ];
    assert.deepEqual(slowestFiles(batches, 3), [
      '   71.3 s  [Firefox] b.test.ts',
      '    3.5 s  c.test.ts',
      '    2.0 s  [Firefox] a.test.ts',
    ]);
  });
});
