import { writeFileSync } from 'node:fs';
import { openApiPath, openApiText } from './openapi-text.js';

writeFileSync(openApiPath, await openApiText());
