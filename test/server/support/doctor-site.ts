import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createBackend, type ListeningBackend } from '../../../demo/backend/backend.js';
import { runProgram } from '../../../packages/server/src/cli/program.js';
import { examine, type DoctorOptions } from '../../../packages/server/src/doctor/examine.js';
import type { DoctorFinding } from '../../../packages/server/src/doctor/finding.js';

export { examine, type DoctorFinding, type DoctorOptions };

export const HLS = 'application/vnd.apple.mpegurl';

const servers: Server[] = [];
const demos: ListeningBackend[] = [];

export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
}

/** The server of the demo, with tokens for a minute. */
export async function openDemo(): Promise<ListeningBackend> {
  const demo = await (await createBackend({ tokenTtlSeconds: 60 })).listen();
  demos.push(demo);
  return demo;
}

/** Closes the servers of the tests. */
export async function closeSites(): Promise<void> {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  for (const demo of demos.splice(0)) await demo.close();
}

/** The findings of a level, each as one text. */
export const of = (findings: readonly DoctorFinding[], level: DoctorFinding['level']) =>
  findings
    .filter((each) => each.level === level)
    .map(({ where, what, change }) => `${where}: ${what} ${change ?? ''}`);

/** One fault and no other, in words. */
export function onlyFault(findings: readonly DoctorFinding[], words: RegExp): void {
  const faults = of(findings, 'fault');
  assert.equal(faults.length, 1, faults.join('\n') || 'no fault was found');
  assert.match(faults[0] ?? '', words);
}

export const playlist = (extra = '') =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${extra}${['a', 'b', 'c', 'd'].map((name) => `#EXTINF:2,\n${name}.ts\n`).join('')}`;
export type Part = (request: IncomingMessage, response: ServerResponse) => void;
export const send =
  (type: string, body: string | Uint8Array, headers: Record<string, string> = {}): Part =>
  (_, response) =>
    void response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
export const segment = send(
  'video/mp2t',
  Uint8Array.from({ length: 376 }, (_, at) => (at % 188 === 0 ? 0x47 : 0)),
);
export const healthy: Record<string, Part> = {
  '/page': send(
    'text/html',
    '<!doctype html><!-- <secure-player src=no> --><SECURE-PLAYER src="/live/a.m3u8?x=1&amp;y=2" token-url=/tokens></SECURE-PLAYER>',
  ),
  '/tokens': send('application/json', JSON.stringify({ token: 'sentinel-opaque-token-9f3a' }), {
    'Cache-Control': 'no-store',
  }),
  '/live/a.m3u8': (request, response) => {
    if (!request.url?.includes('token=sentinel')) return void response.writeHead(401).end();
    send('application/vnd.apple.mpegurl', playlist('#EXT-X-PLAYLIST-TYPE:VOD\n') + '#EXT-X-ENDLIST\n')(
      request,
      response,
    );
  },
  '/live/a.ts': segment,
  '/live/b.ts': segment,
};
/** A page, a stream and its tokens on one server, of which a test replaces parts. */
export const site = (parts: Record<string, Part> = {}) =>
  listen((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const part = { ...healthy, ...parts }[path];
    if (part) part(request, response);
    else response.writeHead(404).end();
  });
export const page = async (parts: Record<string, Part> = {}, more: Partial<DoctorOptions> = {}) =>
  examine({ url: `${await site(parts)}/page`, ...more });

/** An unsigned JWT. Nobody verifies its signature here. */
export const jwt = (claims: object) =>
  ['{"alg":"none"}', JSON.stringify(claims), 'sentinel-signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** Nothing that is found or printed has a secret of the test: each of them contains this word, or is a JWT. */
export function hideSentinels<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  for (const secret of ['sentinel', 'eyJ', Buffer.from('sentinel').toString('base64url').slice(0, -1)])
    assert.ok(!text.includes(secret), 'there is a secret in the findings');
  return value;
}

/** A `fetch` with hosts of a real site. */
export const hosts =
  (respond: (url: string, init: RequestInit) => Response): typeof fetch =>
  (input, init = {}) =>
    Promise.resolve(respond(input instanceof Request ? input.url : input.toString(), init));

/** Runs the command in this process. */
export async function runDoctor(args: readonly string[], { now = Date.now } = {}) {
  let out = '';
  let err = '';
  const code = await runProgram(['doctor', ...args], {
    out: (text) => void (out += text),
    note: (text) => void (err += text),
    readStdin: () => Promise.resolve(''),
    now,
  });
  return hideSentinels({ code, out, err });
}
