import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatecastFolder } from './build-environments.js';
import { buildPackages } from './build-packages.js';

const startedMs = performance.now();
try {
  const built = await buildPackages();
  const tags = join(gatecastFolder, 'script-tag.html');
  console.log(`\n${readFileSync(tags, 'utf8').trimEnd().split('\n').at(-1) ?? ''}`);
  console.log(`(the import map in ${tags} covers its chunks)\n`);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(built ? `Built in ${seconds} s.` : 'Unchanged: built from the same sources.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
