import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import { janusProgram } from './third-party.js';

/** The only room; its publishers are broadcasts. */
export const ROOM = 1234;
const ADMIN_SECRET = 'known-to-this-test-only';

export interface JanusAddresses {
  /** Janus API, by WebSocket. */
  readonly api: string;
  /** Admin API, by WebSocket. */
  readonly admin: { readonly url: string; readonly apisecret: string };
}

/**
 * Starts Janus with settings of its own in a folder. It listens on loopback; only media uses a network address.
 */
export async function spawnJanus(
  folder: string,
): Promise<{ process: ChildProcess; addresses: JanusAddresses }> {
  const [apiPort, adminPort] = await Promise.all([freePort(), freePort()]);
  const settings = join(folder, 'janus');
  mkdirSync(settings);
  const library = findLibrary();
  const files: Record<string, string> = {
    'janus.jcfg': `general: {
        configs_folder = "${settings}" plugins_folder = "${library}/plugins" transports_folder = "${library}/transports"
        events_folder = "${folder}" loggers_folder = "${folder}" debug_level = 3 admin_secret = "${ADMIN_SECRET}" }
      nat: { full_trickle = false ice_lite = false }
      plugins: { disable = "${allBut('videoroom', join(library, 'plugins'))}" }
      transports: { disable = "${allBut('websockets', join(library, 'transports'))}" }`,
    'janus.transport.websockets.jcfg': `general: { ws = true ws_port = ${apiPort} ws_ip = "127.0.0.1" wss = false }
      admin: { admin_ws = true admin_ws_port = ${adminPort} admin_ws_ip = "127.0.0.1" admin_wss = false }`,
    'janus.plugin.videoroom.jcfg': `room-${ROOM}: { description = "Interop" publishers = 6 videocodec = "h264,vp8" audiocodec = "opus" }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(settings, name), text);
  return {
    process: spawn(janusProgram, ['-F', settings], { stdio: 'ignore' }),
    addresses: {
      api: `ws://127.0.0.1:${apiPort}`,
      admin: { url: `ws://127.0.0.1:${adminPort}`, apisecret: ADMIN_SECRET },
    },
  };
}

/** Debian installs it in a folder named after the machine's architecture. */
function findLibrary(): string {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'janus'));
  return folders.find((each) => existsSync(each)) ?? '/usr/lib/janus';
}

/** Janus loads everything in its folders that its settings do not exclude. */
const allBut = (kept: string, folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.so') && name !== `libjanus_${kept}.so`)
    .join(',');
