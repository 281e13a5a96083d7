import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOM, type JanusAddresses } from './janus-process.js';
import { modulesFolder, whipServerFolder } from './third-party.js';

/** Starts Debian's simple-whip-server from a copy in a folder, with settings of its own. */
export function spawnWhipServer(folder: string, { api }: JanusAddresses, port: number): ChildProcess {
  const copy = join(folder, 'whip');
  cpSync(whipServerFolder, copy, { recursive: true, filter: (path) => !path.endsWith('config.js') });
  const config = {
    janus: { address: api },
    // Passed to listen() as it is.
    port: { port, host: '127.0.0.1' },
    rest: '/whip',
    allowTrickle: true,
  };
  writeFileSync(join(copy, 'config.js'), `module.exports = ${JSON.stringify(config)};`);
  return spawn(process.execPath, ['server.js'], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: modulesFolder },
  });
}

/** Creates an endpoint whose broadcasts enter the room. */
export async function createWhipEndpoint(
  base: string,
  { id, token }: { id: string; token: string },
): Promise<string> {
  const response = await fetch(`${base}/create`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ id, room: ROOM, token }),
  });
  if (!response.ok) throw new Error(`The WHIP endpoint was not created (HTTP ${response.status}).`);
  return `${base}/endpoint/${id}`;
}
