import { cpSync } from 'node:fs';

// The page and all chunks of gatecast.js must be in one folder: the script loads its chunks from its own folder.
cpSync('node_modules/@gatecast/script-tag/dist', 'dist', { recursive: true });
cpSync('index.html', 'dist/index.html');
