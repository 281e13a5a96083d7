import { runTypeScript } from './run-typescript.js';
import { setUp } from './set-up.js';

setUp();
runTypeScript('.config/openapi/write-openapi.ts');
