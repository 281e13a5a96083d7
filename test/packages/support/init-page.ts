import assert from 'node:assert/strict';
import { initFrameworks } from '../../../packages/server/src/cli/init/pages.js';

/** What `gatecast init` writes for a framework, with addresses of the demo. */
export function initPage(framework: string): string {
  const found = initFrameworks.find(({ name }) => name === framework);
  const text = found?.page({ src: '/live/demo.m3u8', stream: 'demo', tokenUrl: '/api/tokens' });
  return text ?? assert.fail(`There is no ${framework}.`);
}
