import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
// What npm test leaves to CI: projects that install the packed packages, and the quick starts of the documentation.
process.env.GATECAST_RELEASE_CHECKS = '1';
runTypeScript('test/run.ts', [
  '--only=node',
  'test/packages/',
  'test/docs/quick-starts',
  ...process.argv.slice(2),
]);
