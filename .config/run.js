import { spawn } from 'node:child_process';
import { root, setUp } from './set-up.js';

// Own, not the tsx command: each npm script starts here, so it also works in a fresh clone, and it ends with its parent.
//
//   node .config/run.js FILE [ARGUMENT …]    runs a TypeScript file of the repository

setUp();
const [file, ...args] = process.argv.slice(2);

// Packages resolve to their sources by this export condition, so that nothing needs building first.
const options = [
  '--conditions=gatecast-source',
  '--import',
  'tsx',
  '--import',
  './.config/exit-with-parent.js',
];
const child = spawn(process.execPath, [...options, file, ...args], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});

// A terminal sends Ctrl-C to both processes itself; a second signal would interrupt the child's clean end.
const { isTTY } = process.stdin;
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => (isTTY && signal === 'SIGINT' ? undefined : child.kill(signal)));
}

// npm passes a signal to its shell only, and the shell ends without passing it on.
const { ppid } = process;
if (process.env.npm_lifecycle_event) {
  setInterval(() => process.ppid === ppid || child.kill('SIGTERM'), 500).unref();
}

child.on('error', ({ message }) => {
  console.error(`Could not start ${file}: ${message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 1;
  if (!signal) return;
  // A shell or a supervisor reads from the signal why the program ended.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
