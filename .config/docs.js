import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
const [what, ...rest] = process.argv.slice(2);
if (what === 'figures') runTypeScript('.config/docs/take-figures.ts', rest);
else runTypeScript('.config/docs/docs.ts', process.argv.slice(2));
