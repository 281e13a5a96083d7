import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
// The handlers of @gatecast/server on Node, Bun, Deno, workerd and edge-runtime: downloads of 300 MB.
process.env.GATECAST_TEST_RUNTIMES = '1';
runTypeScript('test/run.ts', ['--only=node', 'test/packages/runtimes', ...process.argv.slice(2)]);
