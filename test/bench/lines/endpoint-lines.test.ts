import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { endpointBackends } from '../../docs/support/endpoint-backends.js';
import { countEndpoints } from './endpoint-lines.js';

describe('the lines for an existing endpoint', () => {
  it('are those in the documentation, for each of its recipes', async () => {
    const rows = await countEndpoints();
    const headings = Object.keys(endpointBackends((stream) => stream));
    assert.deepEqual(
      rows.map(({ heading }) => heading),
      headings,
    );
    const path = new URL('../../../demo/docs/endpoint-lines.json', import.meta.url);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), rows, 'npm run docs:figures writes them again');
  });
});
