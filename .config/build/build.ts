import { buildAll } from './build-all.js';

const startedMs = performance.now();
await buildAll();
console.log(`Built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
