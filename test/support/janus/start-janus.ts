import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import { until } from '../wait.js';
import { lookIntoJanus, type JanusView } from './janode.js';
import { spawnJanus } from './janus-process.js';
import { requireJanus } from './third-party.js';
import { startWhepServer, type WhepEndpoints } from './whep-endpoint.js';
import { createWhipEndpoint, spawnWhipServer } from './whip-endpoint.js';

/** Third-party servers: Debian's Janus behind Meetecho's WHIP and WHEP servers. */
export interface JanusServers {
  /** Address of the WHIP endpoint. It takes one broadcast at a time. */
  readonly whip: string;
  readonly whep: WhepEndpoints;
  readonly view: JanusView;
  close(): Promise<void>;
}

/** The only token that the endpoints accept. */
export const JANUS_TOKEN = 'a-token-that-janus-takes';

/** Starts them on free ports; in CI, gets what is missing first. `close` ends them and removes their files. */
export async function startJanus(): Promise<JanusServers> {
  await requireJanus();
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-janus-'));
  const ends: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const janus = await spawnJanus(folder);
    ends.push(endWithThisProcess(janus.process));
    const { addresses } = janus;
    await until(() => responds(addresses.api.replace('ws:', 'http:')), 'Janus');

    const whipBase = `http://127.0.0.1:${await freePort()}/whip`;
    const whipServer = spawnWhipServer(folder, addresses, Number(new URL(whipBase).port));
    ends.push(endWithThisProcess(whipServer));
    const whep = await startWhepServer(addresses);
    ends.push(() => whep.close());
    const view = await lookIntoJanus(addresses);
    ends.push(() => view.close());
    await until(() => responds(`${whipBase}/healthcheck`), 'simple-whip-server');
    const whip = await createWhipEndpoint(whipBase, { id: 'cam', token: JANUS_TOKEN });
    return { whip, whep, view, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Any response is enough: a WebSocket server refuses plain requests with a status. */
async function responds(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

/** Ends it by the returned function, or with this process if a test fails before that. */
function endWithThisProcess(child: ChildProcess): () => Promise<void> {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    await endProcess(child);
  };
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 3000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
