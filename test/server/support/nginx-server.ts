import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { type ListeningProcess, startListening } from './listening-process.js';

const BINARY = ['nginx', '/usr/sbin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);

/** Why there is no nginx, or `false`. CI installs it, so that tests fail there without it. */
export const withoutNginx =
  BINARY === undefined &&
  process.env['CI'] === undefined &&
  'nginx is not on this machine (Debian: nginx-light)';

/** An nginx of its own on a free loopback port, with a temporary folder for all of its files. */
export async function startNginx(locations: string): Promise<ListeningProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-nginx-'));
  mkdirSync(join(folder, 'tmp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/tmp/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
     events {}
     http { access_log off; ${temporary} server { listen 127.0.0.1:${String(port)}; ${locations} } }`,
  );
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  return startListening({ command: BINARY ?? 'nginx', args, port, folder });
}
