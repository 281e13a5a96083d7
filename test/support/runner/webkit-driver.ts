import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebkitPrograms } from './find-engines.js';
import { freePort } from '../free-port.js';

export interface WebkitDriver {
  readonly port: number;
  /** Ends driver, browser and display, each by process id. */
  stop: () => Promise<void>;
}

const startTimeoutMs = 20_000;

/** Starts an X server on a display that it chooses, so that it cannot conflict with another one. */
function startDisplay(xvfb: string): Promise<{ child: ChildProcess; display: string }> {
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`${xvfb} named no display within ${startTimeoutMs} ms.`));
    }, startTimeoutMs);
    let text = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve({ child, display: `:${text.trim()}` });
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${xvfb} ended with exit code ${code ?? 'none'}.`));
    });
  });
}

async function waitUntilReady(port: number, driver: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while (performance.now() < deadlineMs) {
    if (driver.exitCode !== null) break;
    try {
      const response = await fetch(`http://127.0.0.1:${port}/status`);
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  throw new Error(`WebKitWebDriver did not answer on port ${port} within ${startTimeoutMs} ms.`);
}

/** Ends a child process. If it leads a process group, ends the whole group. */
async function end(child: ChildProcess, group: boolean): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const target = group ? -child.pid : child.pid;
  process.kill(target, 'SIGTERM');
  const inTime = await Promise.race([exited.then(() => true), sleep(3000, false)]);
  try {
    if (!inTime) process.kill(target, 'SIGKILL');
  } catch {
    // It has just ended.
  }
  await exited;
}

/** Starts Xvfb and WebKitWebDriver for one test run, with their own runtime folder. */
export async function startWebkitDriver(programs: WebkitPrograms): Promise<WebkitDriver> {
  const runtimeFolder = mkdtempSync(join(tmpdir(), 'gatecast-webkit-'));
  const { child: xvfb, display } = await startDisplay(programs.xvfb);
  const port = await freePort();
  const driver = spawn(programs.driver, ['--host=127.0.0.1', `--port=${port}`], {
    // In its own process group, so that its browser is ended with it.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      XDG_RUNTIME_DIR: runtimeFolder,
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Without layers of OpenGL, which software draws: they take half of the processor time of a test with video.
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      NO_AT_BRIDGE: '1',
      GIO_USE_PROXY_RESOLVER: 'dummy',
      WEBKIT_GST_ENABLE_HLS_SUPPORT: '1',
    },
  });
  const stop = async (): Promise<void> => {
    try {
      await end(driver, true);
    } finally {
      await end(xvfb, false);
      rmSync(runtimeFolder, { recursive: true, force: true });
    }
  };
  try {
    await waitUntilReady(port, driver);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}
