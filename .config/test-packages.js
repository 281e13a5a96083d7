import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
// Also what npm test leaves to CI: a project of Next.js, which takes a minute to install and build.
process.env.GATECAST_TEST_NEXT = '1';
runTypeScript('test/run.ts', ['--only=node', 'test/packages/', ...process.argv.slice(2)]);
