import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planNodeTests } from '../support/runner/plan-node-tests.js';
import { findTestFiles } from '../support/runner/test-files.js';

describe('planNodeTests', () => {
  const all = findTestFiles({ filters: [], withCiFiles: true });

  it('lets files that build whole projects run beside the browser tests, the longest first', () => {
    const { first, besideBrowsers } = planNodeTests(all);
    assert.deepEqual([...first, ...besideBrowsers].sort(), all.node);
    assert.equal(besideBrowsers[0], 'test/packages/sites.ci.test.ts');
  });

  it('runs only the files of the run', () => {
    const other = 'test/token/other.test.ts';
    const [, second = ''] = planNodeTests(all).besideBrowsers;
    const plan = planNodeTests({ node: [other, second], browser: all.browser });
    assert.deepEqual(plan, { first: [other], besideBrowsers: [second] });
  });

  it('runs all files first when there are no browser tests', () => {
    assert.deepEqual(planNodeTests({ ...all, browser: [] }), { first: all.node, besideBrowsers: [] });
  });
});
