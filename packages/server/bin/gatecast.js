#!/usr/bin/env node
// npm links a command when it installs the package, and only if its file exists; in this repository that is before
// anything is built. So the command is this file: it runs the build, or the sources where nothing is built.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  const { spawn } = await import('node:child_process');
  const child = spawn(
    process.execPath,
    [
      '--conditions=gatecast-source',
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('../src/cli.ts', import.meta.url)),
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends this to both processes. The command ends when the child has stopped.
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}
