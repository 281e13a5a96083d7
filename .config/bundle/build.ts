import { join } from 'node:path';
import { gatecastFolder } from './build-environments.js';
import { buildPackages } from './build-packages.js';
import { hashModules, scriptTags } from './gatecast-integrity.js';

const startedMs = performance.now();
try {
  const built = await buildPackages();
  console.log(`\n${scriptTags(hashModules(gatecastFolder)).script}`);
  console.log(`(the import map in ${join(gatecastFolder, 'script-tag.html')} covers its chunks)\n`);
  console.log(
    built
      ? `Built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`
      : 'Unchanged: built from the same sources.',
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
