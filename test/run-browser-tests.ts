import { argv } from 'node:process';
import { buildGatecast } from '../.config/bundle/build-gatecast.js';
import { startTestRunner } from '@web/test-runner';
import type { TestRunner } from '@web/test-runner-core';
import { startNanoSocketServer } from './doubles/nanoplayer/socket-server.js';
import { startOpenMedia } from './doubles/open-media.js';
import { startWhipRelay } from './doubles/whip-relay.js';
import { isEngine } from './support/runner/engine.js';
import { findEngine } from './support/runner/find-engines.js';
import type { FoundEngine } from './support/runner/find-engines.js';
import { freePort } from './support/free-port.js';
import { startTestBackend } from './support/runner/test-backend.js';
import { writeSessions } from './support/runner/write-sessions.js';
import { startWebkitDriver } from './support/runner/webkit-driver.js';
import type { WebkitDriver } from './support/runner/webkit-driver.js';
import { browserTestConfig } from './web-test-runner.config.js';

// One engine in a process of its own, which writes each result as it comes: run.ts can end a browser that hangs without
// losing what ran.

const [engine = '', resultFile = '', bundle = '', ...files] = argv.slice(2);
if (!isEngine(engine)) throw new TypeError(`'${engine}' is not an engine.`);
const found = findEngine(engine);
if (!found) throw new Error(`${engine} is not on this machine.`);

await buildGatecast().catch((error: unknown) => {
  console.error('gatecast.js could not be built, so tests of it will fail:', error);
});
const openMedia = await startOpenMedia();
const backend = await startTestBackend();
const nanoSocket = backend && (await startNanoSocketServer(backend.origin));
const whipRelay = backend && (await startWhipRelay(backend.origin));
let webkit: WebkitDriver | undefined;

async function cleanUp(): Promise<void> {
  await webkit?.stop();
  await nanoSocket?.close();
  await whipRelay?.close();
  await backend?.close();
  await openMedia.close();
}

process.on('SIGTERM', () => {
  void cleanUp().finally(() => process.exit(1));
});

function whenStopped(runner: TestRunner): Promise<void> {
  return new Promise((resolve) => {
    runner.on('stopped', () => {
      resolve();
    });
  });
}

async function runSessions(found: FoundEngine): Promise<void> {
  if (found.engine === 'webkit') webkit = await startWebkitDriver(found.programs);
  const runner = await startTestRunner({
    config: browserTestConfig({
      found,
      files,
      ...(bundle !== '' && { bundle }),
      environment: {
        engine: found.engine,
        openMediaOrigin: openMedia.origin,
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
  writeSessions(runner, resultFile);
  await whenStopped(runner);
}

let exitCode = 0;
try {
  await runSessions(found);
} catch (error) {
  console.error(error);
  exitCode = 1;
} finally {
  await cleanUp();
}
// Drivers may leave sockets open; everything that this process started has ended.
process.exit(exitCode);
