import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { startListening } from './listening-process.js';

const BINARY = 'traffic_server';
/** Where the packages of Debian put plugins. */
const PLUGINS = '/usr/lib/trafficserver/modules';
const PLUGIN = join(PLUGINS, 'uri_signing.so');

/** Why there is no Traffic Server with `uri_signing`, or `false`. CI installs it, so that tests fail there without it. */
export const withoutTrafficServer =
  (spawnSync(BINARY, ['--version']).status !== 0 || !existsSync(PLUGIN)) &&
  process.env['CI'] === undefined &&
  'Traffic Server is not on this machine (Debian: trafficserver, trafficserver-experimental-plugins)';

export interface RunningTrafficServer {
  /** `http://127.0.0.1:` and the port. */
  readonly origin: string;
  /** The addresses that the server behind it was asked for, oldest first. */
  readonly forwarded: readonly string[];
  stop(): Promise<void>;
}

/**
 * A Traffic Server of its own on a free loopback port, which checks each request with the plugin `uri_signing` and forwards those
 * it accepts to a server that answers 200. It has no cache and a temporary folder for all of its files.
 *
 * @param keys - the configuration of the plugin: issuers with their keys.
 */
export async function startTrafficServer(keys: object): Promise<RunningTrafficServer> {
  const upstream = await startUpstream();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-traffic-server-'));
  // It drops the rights of root, and then needs to read and write here.
  chmodSync(folder, 0o755);
  for (const name of ['config', 'log', 'run', 'cache']) mkdirSync(join(folder, name));
  for (const name of ['log', 'run', 'cache']) chmodSync(join(folder, name), 0o777);
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  write('runroot.yaml', [
    ...[`prefix: ${folder}`, 'exec_prefix: /usr', 'bindir: /usr/bin', 'sbindir: /usr/bin'],
    ...[`sysconfdir: ${folder}/config`, `datadir: ${folder}`, `cachedir: ${folder}/cache`],
    ...[`logdir: ${folder}/log`, `runtimedir: ${folder}/run`, `localstatedir: ${folder}/run`],
    ...['libdir: /usr/lib/trafficserver', `plugindir: ${PLUGINS}`, 'includedir: /usr/include'],
    ...[`infodir: ${folder}`, `mandir: ${folder}`],
  ]);
  write('config/records.config', [
    `CONFIG proxy.config.http.server_ports STRING ${String(port)}:ip-in=127.0.0.1`,
    'CONFIG proxy.config.admin.user_id STRING nobody',
    'CONFIG proxy.config.crash_log_helper STRING',
    'CONFIG proxy.config.core_limit INT 0',
    'CONFIG proxy.config.exec_thread.autoconfig INT 0',
    'CONFIG proxy.config.exec_thread.limit INT 1',
    'CONFIG proxy.config.http.cache.http INT 0',
    'CONFIG proxy.config.log.logging_enabled INT 0',
  ]);
  write('config/storage.config', []);
  write('config/ip_allow.yaml', [
    'ip_allow:',
    '  - { apply: in, ip_addrs: 127.0.0.1, action: allow, methods: ALL }',
  ]);
  write('config/uri_signing.json', [JSON.stringify(keys)]);
  write('config/remap.config', [
    `map http://127.0.0.1:${String(port)}/ ${upstream.origin}/ @plugin=${PLUGIN} @pparam=uri_signing.json`,
  ]);
  const env = { ...process.env, TS_RUNROOT: folder };
  const output = ['--bind_stdout', join(folder, 'log/out'), '--bind_stderr', join(folder, 'log/error')];
  const started = startListening({ command: BINARY, args: output, env, port, folder });
  const server = await started.catch(async (error: unknown) => {
    await upstream.stop();
    throw error;
  });
  return {
    origin: server.origin,
    forwarded: upstream.requested,
    async stop() {
      await server.stop();
      await upstream.stop();
    },
  };
}

async function startUpstream() {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    response.end('media');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    requested,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
