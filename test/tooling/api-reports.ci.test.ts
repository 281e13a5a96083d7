import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkApiReports } from '../../.config/bundle/api-reports.js';
import { buildPackages } from '../../.config/bundle/build-packages.js';

describe('the public surface of the packages', () => {
  it('matches the committed API reports (npm run api updates them)', async () => {
    await buildPackages();
    const reports = checkApiReports({ update: false });
    assert.ok(reports.some(({ importName }) => importName === '@gatecast/server/node'));
    assert.deepEqual(
      reports.filter(({ hasChanged }) => hasChanged).map(({ path }) => path),
      [],
    );
  });
});
