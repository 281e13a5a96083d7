import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/free-port.js';

/** A third-party WHIP server: Debian's Janus behind Meetecho's simple-whip-server. */
export interface JanusIngest {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The only token that the endpoint accepts. */
export const JANUS_TOKEN = 'a-token-that-janus-takes';

const STREAM = 'cam';
const ROOM = 1234;

/** The folder of Debian's package, or a folder where it and its dependencies were unpacked. */
const serverFolder = process.env['SIMPLE_WHIP_SERVER'] ?? '/usr/share/simple-whip-server/src';
const DEBIAN_MODULES = '/usr/share/nodejs';

/** What is missing on this machine; `undefined` if nothing is. */
export function missingForJanus(): string | undefined {
  if (!existsSync('/usr/bin/janus')) return 'no Janus on this machine (apt-get install janus)';
  if (!existsSync(join(serverFolder, 'server.js'))) {
    return 'no simple-whip-server on this machine (apt-get install simple-whip-server, or SIMPLE_WHIP_SERVER=<its src folder>)';
  }
  return networkAddress() === undefined
    ? 'no network interface but loopback, which Janus does not use'
    : undefined;
}

/** Starts both on free ports with one endpoint; `close` ends both and removes their files. */
export async function startJanus(): Promise<JanusIngest> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-janus-'));
  const [socketPort, whipPort] = await Promise.all([freePort(), freePort()]);
  const children: ChildProcess[] = [];
  const close = async () => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    children.push(spawnJanus(folder, socketPort));
    await until(() => canConnect(socketPort), 'Janus');
    children.push(spawnWhipServer(folder, socketPort, whipPort));
    const origin = `http://127.0.0.1:${whipPort}/whip`;
    await until(async () => (await fetch(`${origin}/healthcheck`)).ok, 'simple-whip-server');
    await createEndpoint(origin);
    return { endpoint: `${origin}/endpoint/${STREAM}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function spawnJanus(folder: string, socketPort: number): ChildProcess {
  const library = findLibrary();
  const config = join(folder, 'janus');
  mkdirSync(config);
  const write = (name: string, text: string) => writeFileSync(join(config, name), text);
  write(
    'janus.jcfg',
    `general: { configs_folder = "${config}" plugins_folder = "${library}/plugins" transports_folder = "${library}/transports"
      events_folder = "${folder}" loggers_folder = "${folder}" debug_level = 3 }
    nat: { full_trickle = false ice_lite = false }
    plugins: { disable = "libjanus_sip.so,libjanus_lua.so,libjanus_duktape.so,libjanus_nosip.so,libjanus_streaming.so" }
    transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }`,
  );
  write(
    'janus.transport.websockets.jcfg',
    `general: { ws = true ws_port = ${socketPort} ws_ip = "127.0.0.1" wss = false }`,
  );
  write(
    'janus.plugin.videoroom.jcfg',
    `room-${ROOM}: { description = "Interop" publishers = 6 videocodec = "h264,vp8" audiocodec = "opus" }`,
  );
  return spawn('/usr/bin/janus', ['-F', config], { stdio: 'ignore' });
}

/** Debian installs it in a folder named after the machine's architecture. */
function findLibrary(): string {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'janus'));
  return folders.find((each) => existsSync(each)) ?? '/usr/lib/janus';
}

function spawnWhipServer(folder: string, socketPort: number, whipPort: number): ChildProcess {
  const target = join(folder, 'whip');
  cpSync(serverFolder, target, { recursive: true, filter: (path) => !path.endsWith('config.js') });
  const config = {
    janus: { address: `ws://127.0.0.1:${socketPort}` },
    port: whipPort,
    rest: '/whip',
    allowTrickle: true,
  };
  writeFileSync(join(target, 'config.js'), `module.exports = ${JSON.stringify(config)};`);
  const modules = [join(serverFolder, 'node_modules'), join(serverFolder, '../node_modules'), DEBIAN_MODULES];
  return spawn(process.execPath, ['server.js'], {
    cwd: target,
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: modules.join(':') },
  });
}

async function createEndpoint(origin: string): Promise<void> {
  const response = await fetch(`${origin}/create`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ id: STREAM, room: ROOM, token: JANUS_TOKEN }),
  });
  if (!response.ok) throw new Error(`The endpoint was not created (HTTP ${response.status}).`);
}

function networkAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
}

async function canConnect(port: number): Promise<boolean> {
  // Any response is enough: a WebSocket server refuses plain requests with a status.
  await fetch(`http://127.0.0.1:${port}/`);
  return true;
}

async function until(isThere: () => Promise<boolean>, what: string): Promise<void> {
  const endsAtMs = Date.now() + 120_000;
  for (;;) {
    if (await isThere().catch(() => false)) return;
    if (Date.now() > endsAtMs) throw new Error(`${what} did not start within 15 s.`);
    await sleep(100);
  }
}

function end(child: ChildProcess): Promise<void> {
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
