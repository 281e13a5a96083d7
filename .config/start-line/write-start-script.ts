import { writeFileSync } from 'node:fs';
import { startScriptModule, startScriptPath } from './start-script.js';

writeFileSync(startScriptPath, await startScriptModule());
