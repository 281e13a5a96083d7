import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import { freePort } from '../../support/free-port.js';
import { listen, originOf, stopServer } from '../../../demo/backend/http/http-listener.js';
import { PATIENT_TOKEN_SECONDS, untilAtLast } from './patient-wait.js';
import { serveProject, type ServedProject } from './serve-project.js';

/** A framework's own server for a site. */
export interface SiteServer {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What the token backend and the origin of the streams answer. Everything else is the framework's. */
const isBackends = (path: string): boolean => /^\/(?:api|my|live)\//.test(path);

/** A connection for each request: a kept one can be closed while the next request is on its way. */
const agent = new Agent({ keepAlive: false });

function forward(port: number, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = request;
  const sent = httpRequest({ host: '127.0.0.1', port, path: url, method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on('error', () => response.destroy());
  response.on('close', () => sent.destroy());
  request.pipe(sent);
}

/** Starts a framework's server, and a proxy before it that sends the requests of the player to the demo's backend. */
export async function serveSite(start: (port: number) => SiteServer): Promise<ServedProject> {
  const options = { tokenTtlSeconds: PATIENT_TOKEN_SECONDS };
  const [backend, port] = await Promise.all([serveProject(null, options), freePort()]);
  const backendPort = Number(new URL(backend.origin).port);
  const { program, args, folder, env } = start(port);
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const portFor = (path = '/'): number => (isBackends(path) ? backendPort : port);
  const proxy = createServer((request, response) => forward(portFor(request.url), request, response));
  // The connection by which a development server tells the page of changes.
  proxy.on('upgrade', (request, socket, head) => {
    const lines = [`GET ${request.url ?? '/'} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      lines.push(`${request.rawHeaders[at] ?? ''}: ${request.rawHeaders[at + 1] ?? ''}`);
    }
    const other = connect(port, '127.0.0.1', () => {
      other.write(`${lines.join('\r\n')}\r\n\r\n`);
      other.write(head);
      socket.pipe(other).pipe(socket);
    });
    other.on('error', () => socket.destroy());
    socket.on('error', () => other.destroy());
    socket.on('close', () => other.destroy());
  });
  async function close(): Promise<void> {
    if (proxy.listening) await stopServer(proxy);
    child.kill();
    await exited;
    await backend.close();
  }
  const isUp = (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended:\n${output}`);
    return fetch(`http://127.0.0.1:${port}/`).then(
      async (answer) => (await answer.text()) !== '' && answer.ok,
      () => false,
    );
  };
  try {
    await untilAtLast(isUp, `the server of ${folder}`);
    await listen(proxy, 0, '127.0.0.1');
  } catch (error) {
    await close();
    throw error;
  }
  return { origin: originOf(proxy), close };
}
