import { spawn } from 'node:child_process';
import { root } from './set-up.js';

/** Packages resolve to their sources by this export condition, so that nothing needs building first. */
export const sourceNodeOptions = ['--conditions=gatecast-source', '--import', 'tsx'];

// A terminal sends Ctrl-C to both processes itself; a second one would cut the first one's clean end short.
const forwardedSignals = ['SIGTERM', 'SIGHUP', ...(process.stdin.isTTY ? [] : ['SIGINT'])];

/** Runs a TypeScript file of the repository as this process's only child and ends the way it ended. */
export function runTypeScript(file, args = []) {
  const preload = ['--import', './.config/exit-with-parent.js'];
  const child = spawn(process.execPath, [...sourceNodeOptions, ...preload, file, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of forwardedSignals) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined);
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.on('error', (error) => {
    console.error(`Could not start ${file}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (!signal) {
      process.exitCode = code ?? 1;
      return;
    }
    // Ending by the same signal tells a shell or a supervisor the truth about why.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** npm hands a signal to its shell alone, which ends without a word to this process; nobody could stop it any more. */
function endWithParent(child) {
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}
