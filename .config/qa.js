import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
runTypeScript('test/qa/run.ts', process.argv.slice(2));
