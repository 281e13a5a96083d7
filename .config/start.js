import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
console.log('Starting the demo …');
runTypeScript('demo/server.ts', process.argv.slice(2));
