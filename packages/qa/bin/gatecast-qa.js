#!/usr/bin/env node
// npm links a command when it installs the package, and only if its file exists; in this repository that is before
// anything is built. So the command is this file.
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  console.error(
    'gatecast-qa: nothing is built. In the repository, use "npm run qa", or "npm run build" first.',
  );
  process.exitCode = 2;
}
