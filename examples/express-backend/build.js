import { cpSync } from 'node:fs';

cpSync('node_modules/@gatecast/script-tag/dist', 'public', { recursive: true });
