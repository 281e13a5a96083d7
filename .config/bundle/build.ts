import { buildAll } from './build-all.js';

const startedMs = performance.now();
try {
  await buildAll();
  console.log(`Built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
