import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { buildGatecast } from '../.config/build/build-gatecast.js';
import { startTestRunner } from '@web/test-runner';
import type { TestRunner, TestSession } from '@web/test-runner-core';
import { startNanoSocketServer } from './doubles/nano-socket-server.js';
import { startWhipRelay } from './doubles/whip-relay.js';
import { isEngine } from './support/runner/engine.js';
import { findEngine } from './support/runner/find-engines.js';
import type { FoundEngine } from './support/runner/find-engines.js';
import { freePort } from './support/free-port.js';
import { addTallies, failedOnce } from './support/runner/tally.js';
import { tallySession } from './support/runner/tally-sessions.js';
import { startTestBackend } from './support/runner/test-backend.js';
import { startWebkitDriver } from './support/runner/webkit-driver.js';
import type { WebkitDriver } from './support/runner/webkit-driver.js';
import { browserTestConfig } from './web-test-runner.config.js';

// One engine in a process of its own: run.ts can end a browser that hangs without losing what others found.

const [engine = '', resultFile = '', ...files] = argv.slice(2);
if (!isEngine(engine)) throw new TypeError(`'${engine}' is no engine.`);
const found = findEngine(engine);
if (!found) throw new Error(`${engine} is not on this machine.`);

await buildGatecast().catch((error: unknown) => {
  console.error('gatecast.js could not be built, so tests of it will fail:', error);
});
const backend = await startTestBackend();
const nanoSocket = backend && (await startNanoSocketServer(backend.origin));
const whipRelay = backend && (await startWhipRelay(backend.origin));
let webkit: WebkitDriver | undefined;

async function cleanUp(): Promise<void> {
  await webkit?.stop();
  await nanoSocket?.close();
  await whipRelay?.close();
  await backend?.close();
}

process.on('SIGTERM', () => {
  void cleanUp().finally(() => process.exit(1));
});

function whenStopped(runner: TestRunner): Promise<TestSession[]> {
  return new Promise((resolve) => {
    runner.on('stopped', () => resolve([...runner.sessions.all()]));
  });
}

async function runSessions(found: FoundEngine): Promise<TestSession[]> {
  if (found.engine === 'webkit') webkit = await startWebkitDriver(found.programs);
  const runner = await startTestRunner({
    config: browserTestConfig({
      found,
      files,
      environment: {
        engine: found.engine,
        ...(backend && { backendOrigin: backend.origin }),
        ...(nanoSocket && { nanoSocketOrigin: nanoSocket.origin }),
        ...(whipRelay && { whipRelayOrigin: whipRelay.origin }),
      },
      webkitPort: webkit?.port ?? 0,
      port: await freePort(),
    }),
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error('The test runner did not start.');
  return whenStopped(runner);
}

try {
  const sessions = await runSessions(found);
  const started = sessions.some((session) => session.testResults !== undefined);
  writeFileSync(resultFile, JSON.stringify({ ...addTallies(sessions.map(tallySession)), started }));
} catch (error) {
  console.error(error);
  const reason = error instanceof Error ? error.message : String(error);
  writeFileSync(resultFile, JSON.stringify({ ...failedOnce(reason), started: false }));
} finally {
  await cleanUp();
}
// Drivers may leave sockets open; everything that this process started has ended.
process.exit();
