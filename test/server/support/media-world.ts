import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { TokenResponse } from '@gatecast/contract';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type BootstrapOptions,
  type FetchHandler,
  type TokenHandlerOptions,
} from '@gatecast/server';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
export const keys = createKeySet([key]);
export const base = 'https://cdn.test/live/';

export const MULTIVARIANT = [
  '#EXTM3U',
  '#EXT-X-STREAM-INF:BANDWIDTH=3000000,CODECS="avc1.64001f,mp4a.40.2"',
  'high.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=400000,CODECS="avc1.42e01e,mp4a.40.2"',
  'low.m3u8',
  '',
].join('\n');

/** A live playlist, with which playback begins three target durations before its end. */
export const mediaPlaylist = (name: string) =>
  [
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:2',
    `#EXT-X-MAP:URI="${name}-init.mp4"`,
    ...[1, 2, 3, 4, 5, 6].flatMap((number) => ['#EXTINF:2,', `${name}-${number}.m4s`]),
    '',
  ].join('\n');

export interface Viewer {
  readonly user?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly restrictions?: Readonly<Record<string, string>>;
}

export interface AskOptions {
  readonly viewer?: Viewer;
  readonly accept?: string | null;
  readonly stream?: string;
  readonly streams?: readonly string[];
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OriginRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal | null | undefined;
}

/** The bytes of a media resource of the origin. */
export const bytesOf = (name: string) => Buffer.from(`${name}|`.repeat(40));

/** Answers with a media resource as a CDN does. */
export function mediaResponse({ url, headers }: Pick<OriginRequest, 'url' | 'headers'>): Response {
  const bytes = bytesOf(url.pathname.split('/').at(-1) ?? '');
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.get('Range') ?? '') ?? [];
  if (first === undefined || last === undefined) return withLength(bytes);
  return withLength(bytes.subarray(Number(first), Number(last) + 1), {
    status: 206,
    headers: { 'Content-Range': `bytes ${first}-${last}/${bytes.length}` },
  });
}

export function withLength(bytes: Buffer, { status = 200, headers = {} }: ResponseInit = {}): Response {
  const all = new Headers(headers);
  all.set('Content-Type', 'video/mp4; x=1');
  all.set('Content-Length', String(bytes.length));
  return new Response(new Uint8Array(bytes), { status, headers: all });
}

export interface MediaWorldOptions {
  readonly bootstrap?: Partial<BootstrapOptions>;
  readonly handler?: Partial<TokenHandlerOptions>;
  /** @defaultValue `MULTIVARIANT` for `demo.m3u8`, and `mediaPlaylist` for the others */
  readonly playlist?: (name: string, url: URL) => string;
  /** @defaultValue {@link mediaResponse} */
  readonly media?: (request: OriginRequest) => Response | Promise<Response>;
}

/** A token endpoint with media in its first response, and an origin. */
export function createMediaWorld(options: MediaWorldOptions = {}) {
  const clock = { nowMs: Date.now() };
  const asked: OriginRequest[] = [];
  const { media = mediaResponse } = options;
  const playlist = (url: URL) => {
    const name = url.pathname.split('/').at(-1)?.replace('.m3u8', '') ?? '';
    return options.playlist?.(name, url) ?? (name === 'demo' ? MULTIVARIANT : mediaPlaylist(name));
  };
  const handler: FetchHandler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize: (request) => JSON.parse(request.headers.get('X-Viewer') ?? '{}') as Viewer,
    ...options.handler,
    bootstrap: {
      playlistUrl: (stream) => `${base}${stream}.m3u8`,
      upstreams: [base],
      fetch: async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        if (url.pathname.endsWith('.m3u8')) return new Response(playlist(url));
        const request = { url, headers: new Headers(init?.headers), signal: init?.signal };
        asked.push(request);
        return media(request);
      },
      // Nothing is slow here, but the machine may be.
      budgetMs: 60_000,
      now: () => clock.nowMs,
      media: { firstByteMs: 60_000, timeoutMs: 60_000, sendMs: 60_000 },
      ...options.bootstrap,
    },
  });
  const ask = (given: AskOptions = {}) => handler(tokenRequest(given));
  const files = () => asked.map(({ url }) => url.pathname.split('/').at(-1));
  return { handler, ask, asked, files, clock };
}

export function tokenRequest({
  viewer = { claims: {} },
  accept = 'application/json, multipart/mixed',
  stream = 'demo',
  streams = [stream],
  reason = 'initial',
  headers = {},
}: AskOptions = {}): Request {
  return new Request('https://backend.test/', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Viewer': JSON.stringify(viewer),
      ...(accept !== null && { Accept: accept }),
      ...headers,
    },
    body: JSON.stringify({ purpose: 'playback', streams, reason }),
  });
}

export interface Part {
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** Reads a response in parts as the client does: by `Content-Length`, without a search for the boundary. */
export function readParts(contentType: string | null, body: Buffer): { parts: Part[]; isClosed: boolean } {
  const boundary = /^multipart\/mixed; boundary=([\w-]+)$/.exec(contentType ?? '')?.[1];
  assert.ok(boundary, `not in parts: ${contentType ?? ''}`);
  const parts: Part[] = [];
  let rest = body;
  let delimiter = `--${boundary}`;
  for (;;) {
    if (rest.length === 0) return { parts, isClosed: false };
    assert.equal(rest.subarray(0, delimiter.length).toString(), delimiter);
    rest = rest.subarray(delimiter.length);
    if (rest.toString() === '--\r\n') return { parts, isClosed: true };
    const end = rest.indexOf('\r\n\r\n');
    const lines = rest.subarray(2, end).toString().split('\r\n');
    const headers = new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    const length = Number(headers.get('Content-Length'));
    const bytes = rest.subarray(end + 4, end + 4 + length);
    parts.push({ headers, bytes, isWhole: bytes.length === length });
    rest = rest.subarray(end + 4 + length);
    delimiter = `\r\n--${boundary}`;
  }
}

export interface ReadAnswer {
  readonly json: TokenResponse;
  /** Last segment of `Content-Location` of each part with all its bytes. */
  readonly names: readonly string[];
  readonly parts: readonly Part[];
  readonly isClosed: boolean;
}

/** Reads a response in parts to its end, and checks that each part has the bytes of its address. */
export async function readAnswer(response: Response): Promise<ReadAnswer> {
  assert.equal(response.status, 200);
  const body = Buffer.from(await response.arrayBuffer());
  const { parts, isClosed } = readParts(response.headers.get('Content-Type'), body);
  const [first, ...media] = parts;
  assert.equal(first?.headers.get('Content-Type'), 'application/json');
  const json = JSON.parse(first.bytes.toString()) as TokenResponse;
  const names = media
    .filter(({ isWhole }) => isWhole)
    .map(({ headers }) => headers.get('Content-Location')?.split('/').at(-1) ?? '');
  return { json, names, parts: media, isClosed };
}

/** Reads from a body until its text has what is looked for. The rest stays in the body. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  text: string,
): Promise<string> {
  let read = '';
  while (!read.includes(text)) {
    const { done, value } = await reader.read();
    assert.ok(!done, `the body ended without "${text}"`);
    read += Buffer.from(value).toString('latin1');
  }
  return read;
}

/** The rest of a body. */
export async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let read = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return read;
    read += Buffer.from(value).toString('latin1');
  }
}

/** Lets everything run that waits for nothing else. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
