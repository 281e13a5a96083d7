import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseFilesOn } from '../support/runner/engine-files.js';
import { findTestFiles } from '../support/runner/test-files.js';

describe('the browser test files of an engine', () => {
  it('leave out in other engines what Chromium runs, unless they are chosen by name or run without it', () => {
    const { browser } = findTestFiles({ filters: [], withCiFiles: true });
    const whole = chooseFilesOn(['chromium', 'webkit'], browser, { isWhole: true });
    assert.deepEqual(whole('chromium'), browser);
    const left = browser.filter((file) => !whole('webkit').includes(file));
    assert.ok(left.length === 15, left.join());
    const [file = ''] = left;
    assert.deepEqual(chooseFilesOn(['chromium', 'webkit'], [file], { isWhole: false })('webkit'), [file]);
    assert.deepEqual(chooseFilesOn(['webkit'], browser, { isWhole: true })('webkit'), browser);
  });
});
