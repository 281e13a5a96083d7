import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebcasterV6Ingest } from './webcaster-v6-ingest.js';
import { V6_PATH } from './webcaster-v6-path.js';

/*
 * A WHIP server on another origin, for tests. It forwards requests to the demo's ingest, which answers real peer
 * connections, and changes the details in which real servers differ.
 */

/** A received request, without its token. */
export interface RelayedRequest {
  readonly method: string;
  readonly stream: string;
  /** Whether it has a token, as `Authorization` or as `X-Token`. */
  readonly hasToken: boolean;
  readonly hasIfMatch: boolean;
  readonly status: number;
}

/** The response of `GET /seen`. */
export interface RelayRecord {
  readonly requests: readonly RelayedRequest[];
  /** Number of TURN allocation requests to the URL in the `Link` header. */
  readonly turnRequests: number;
  /** Bodies of `POST /telemetry`, oldest first. */
  readonly telemetry: readonly string[];
}

export interface WhipRelay {
  /** Endpoints have the path `/<traits joined by +>/<stream>`; see {@link RelayTrait}. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * How an endpoint differs from the demo's ingest. `status-<n>` refuses and quotes the received token, as debug builds
 * do. `reject-` and `inactive-` say in the answer that the ingest does not receive that media. `turn-bare` offers TURN without
 * credentials. `answer-quotes-token` accepts the offer and sends the token back as the answer. Redirects lead to the demo's
 * ingest, with `-home` to this origin, and with `-aside` to this server under another name, so another origin.
 */
export type RelayTrait =
  | 'plain'
  | `status-${number}`
  | 'answer-quotes-token'
  | 'cut'
  | 'redirect-307'
  | 'redirect-308'
  | 'redirect-307-home'
  | 'redirect-307-aside'
  | 'absolute-location'
  | 'no-etag'
  | 'no-trickle'
  | 'no-last-line-end'
  | 'reject-video'
  | 'reject-all'
  | 'inactive-video'
  | 'turn'
  | 'turn-bare';

interface Exchange {
  readonly traits: ReadonlySet<string>;
  readonly stream: string;
  readonly session: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match, X-Token',
  'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Patch, Retry-After',
};
const FORWARDED_HEADERS = ['authorization', 'content-type', 'if-match'] as const;
/** Message type of a TURN allocation (RFC 8656 section 18). */
const ALLOCATE = 0x0003;

/** Starts the relay on a free port, and a socket that counts TURN allocation requests. */
export async function startWhipRelay(backendOrigin: string): Promise<WhipRelay> {
  let requests: RelayedRequest[] = [];
  let turnRequests = 0;
  let telemetry: string[] = [];
  const v6Ingest = new WebcasterV6Ingest(backendOrigin);
  const turn = createSocket('udp4', (message) => {
    if (message.length >= 20 && message.readUInt16BE(0) === ALLOCATE) turnRequests += 1;
  });
  await new Promise<void>((resolve) => turn.bind(0, '127.0.0.1', resolve));
  const turnLink = `<turn:127.0.0.1:${turn.address().port}?transport=udp>; rel="ice-server"; username="viewer"; credential="secret"; credential-type="password"`;

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.url === '/seen')
      return void response.end(JSON.stringify({ requests, turnRequests, telemetry }));
    void readBody(request).then((body) => {
      if (request.url === '/telemetry') {
        telemetry = [...telemetry, body].slice(-200);
        return void response.writeHead(204).end();
      }
      const isV6 = request.url?.startsWith(V6_PATH) === true;
      const { traits, stream, session } = readPath(request.url ?? '', isV6);
      response.once('close', () => {
        const { authorization, 'x-token': otherToken, 'if-match': ifMatch } = request.headers;
        const hasToken = (authorization ?? otherToken) !== undefined;
        const { method = '' } = request;
        const status = response.headersSent ? response.statusCode : 0;
        const seen = { method, stream, status };
        requests.push({ ...seen, hasToken, hasIfMatch: ifMatch !== undefined });
        requests = requests.slice(-200);
      });
      const exchange = { traits: new Set(traits.split('+')), stream, session, request, response, body };
      const answered = isV6 ? v6Ingest.answer(request, response, body) : answer(exchange);
      answered.catch(() => response.destroy());
    });
  });

  async function answer(exchange: Exchange): Promise<void> {
    const { traits, stream, session, request, response, body } = exchange;
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (traits.has('cut')) return void response.destroy();
    for (const trait of traits) {
      const status = Number(/^status-(\d+)$/.exec(trait)?.[1] ?? NaN);
      if (status > 0) {
        refuse(response, status, token);
        return;
      }
      const [, code, where = ''] = /^redirect-(\d+)(-home|-aside)?$/.exec(trait) ?? [];
      if (code) {
        const targets: Readonly<Record<string, string>> = {
          '-home': `/plain/${stream}`,
          '-aside': `http://localhost:${request.socket.localPort ?? 0}/plain/${stream}`,
        };
        const target = targets[where] ?? `${backendOrigin}/whip/${stream}`;
        return void response.writeHead(Number(code), { Location: target }).end();
      }
    }
    if (traits.has('answer-quotes-token')) {
      return void response.writeHead(201, { 'Content-Type': 'application/sdp' }).end(`v=0\r\n${token}\r\n`);
    }
    const refusesTrickle = traits.has('no-trickle') || traits.has('turn');
    if (request.method === 'PATCH' && refusesTrickle) return void response.writeHead(405).end();
    const path = [stream, session].filter(Boolean).join('/');
    const headers = FORWARDED_HEADERS.flatMap((name): [string, string][] => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    });
    const original = await fetch(`${backendOrigin}/whip/${path}`, {
      method: request.method ?? 'GET',
      headers,
      ...(body !== '' && { body }),
    });
    const { status } = original;
    response.writeHead(status, changedHeaders(original.headers, exchange));
    const text = await original.text();
    response.end(changedAnswer(text, traits));
  }

  function changedAnswer(sdp: string, traits: ReadonlySet<string>): string {
    if (traits.has('no-trickle')) return sdp.replaceAll(/^a=ice-options:.*\r\n/gm, '');
    // Without loopback candidates the browser must request a TURN relay. It would stop once it is connected.
    if (traits.has('turn')) return sdp.replaceAll(/^a=candidate:.*\r\n/gm, '');
    if (traits.has('no-last-line-end')) return sdp.trimEnd();
    if (traits.has('reject-video')) return withoutMedia(sdp, ['video']);
    if (traits.has('reject-all')) return withoutMedia(sdp, ['audio', 'video']);
    if (traits.has('inactive-video')) {
      return sdp.replace(/^m=video [^]*?^a=recvonly/m, (section) => section.replace(/recvonly$/, 'inactive'));
    }
    return sdp;
  }

  function changedHeaders(original: Headers, { traits, stream }: Exchange): Record<string, string> {
    const headers: Record<string, string> = {};
    const keep = (name: string) => {
      const value = original.get(name);
      if (value !== null) headers[name] = value;
    };
    keep('Content-Type');
    keep('Retry-After');
    if (!traits.has('no-etag')) keep('ETag');
    if (!traits.has('no-trickle')) keep('Accept-Patch');
    if (traits.has('turn')) headers['Link'] = turnLink;
    if (traits.has('turn-bare')) headers['Link'] = turnLink.replace(/; username=.*/, '');
    const location = original.get('Location');
    if (location !== null) {
      headers['Location'] = traits.has('absolute-location')
        ? `${backendOrigin}${location}`
        : `${stream}/${location.split('/').at(-1) ?? ''}`;
    }
    return headers;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      turn.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An answer that rejects the sections of some kinds (RFC 9429 section 5.3.1). */
function withoutMedia(sdp: string, kinds: readonly string[]): string {
  const [session = '', ...sections] = sdp.split(/^(?=m=)/m);
  const isRejected = (section: string) => kinds.some((kind) => section.startsWith(`m=${kind} `));
  const kept = sections.filter((section) => !isRejected(section));
  const mids = kept.map((section) => /^a=mid:(\S+)/m.exec(section)?.[1] ?? '');
  const group = mids.length > 0 ? `a=group:BUNDLE ${mids.join(' ')}\r\n` : '';
  const changed = sections.map((section) =>
    isRejected(section) ? section.replace(/^(m=\w+) \d+/, '$1 0') : section,
  );
  return [session.replace(/^a=group:BUNDLE.*\r\n/m, group), ...changed].join('');
}

/** The vendor's v6 client names the stream in its query; its `Location` has the path of the demo's ingest. */
function readPath(
  url: string,
  isV6: boolean,
): { traits: string; stream: string; session: string | undefined } {
  const { pathname, searchParams } = new URL(url, 'http://relay.invalid');
  const [, traits = '', ...rest] = pathname.split('/');
  const [stream = searchParams.get('stream_name') ?? '', session] = isV6 ? rest.slice(1) : rest;
  return { traits, stream, session };
}

function refuse(response: ServerResponse, status: number, token: string): void {
  response
    .writeHead(status, {
      'Content-Type': 'application/problem+json',
      ...((status === 429 || status === 503) && { 'Retry-After': '1' }),
    })
    .end(JSON.stringify({ title: 'Refused', detail: `The token ${token} will not do.` }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
