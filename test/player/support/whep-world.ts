import { setTimeout as sleep } from 'node:timers/promises';
import { Authorizer, parsePlacement } from '@gatecast/token';
import { WhepEngine } from '@gatecast/player/internal/engine/whep/whep-engine';
import { Upkeep } from '@gatecast/player/internal/engine/whep/upkeep';
import type { EngineReport } from '@gatecast/player/internal/engine/engine';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeMediaStream, FakePeer } from './fake-whep-peer.js';

export const SERVER = 'https://sfu.example';

/** A request as the server gets it. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
  readonly type: string | null;
  readonly body: string;
  readonly keepalive: boolean;
}

type Reply = (request: SentRequest) => Response | Promise<Response> | undefined;

/** A media element with what the engine reads. */
class FakeVideo extends EventTarget {
  srcObject: FakeMediaStream | null = null;
  paused = false;
  ended = false;
  autoplay = false;
  readyState = 4;
  played = { length: 1 };
  currentTime = 12;
  plays = 0;

  play(): Promise<void> {
    this.plays += 1;
    return Promise.resolve();
  }
}

export interface WorldOptions {
  /** What the server answers. @defaultValue 201 with an ETag, or 204 */
  readonly reply?: Reply;
  readonly streams?: readonly string[];
  /** HLS address of each stream. @defaultValue none */
  readonly hls?: string;
  readonly placement?: string;
  readonly options?: Record<string, unknown>;
  /** May another engine have a picture? @defaultValue none */
  readonly needsPicture?: () => boolean;
}

/** Puts an engine into a page with a server and tokens, all of which a test controls. */
export function setUpWhep({
  reply = () => undefined,
  streams = ['demo'],
  hls,
  placement,
  options,
  needsPicture,
}: WorldOptions = {}) {
  const fake = new FakeClock();
  const page = new EventTarget();
  const sent: SentRequest[] = [];
  let sessions = 0;
  FakePeer.all = [];
  FakePeer.kinds = ['audio', 'video'];
  FakePeer.decodes = true;
  Object.assign(FakePeer, { flows: true, hangs: false, picture: 'recvonly' });
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const { pathname, search } = new URL(url);
    const request = {
      method: init.method ?? 'GET',
      path: pathname + search,
      token: headers.get('Authorization'),
      type: headers.get('Content-Type'),
      body: typeof init.body === 'string' ? init.body : '',
      keepalive: init.keepalive === true,
    };
    sent.push(request);
    const own = await reply(request);
    if (own) return own;
    return request.method === 'POST'
      ? created(`/session/${String((sessions += 1))}`)
      : new Response(null, { status: 204 });
  };
  Object.assign(globalThis, {
    RTCPeerConnection: FakePeer,
    MediaStream: FakeMediaStream,
    fetch,
    addEventListener: page.addEventListener.bind(page),
  });
  const tokens = fakeTokens(fake);
  const reports: EngineReport[] = [];
  const life = new AbortController();
  const video = new FakeVideo();
  const element = Object.assign(new EventTarget(), { hasAttribute: () => placement !== undefined });
  const entries = streams.map((stream, index) => ({
    index,
    label: stream,
    stream,
    whepUrl: `${SERVER}/whep/${stream}`,
    url: hls ?? null,
  }));
  const authorizer = new Authorizer({
    tokens,
    placement: parsePlacement(placement ?? 'query:token'),
    origins: [SERVER],
  });
  const host = {
    element,
    output: { video },
    source: { entries, startIndex: 0 },
    authorizer,
    tokens,
    options: {
      whepConfig: {},
      drm: null,
      tokenPlacement: placement ?? 'query:token',
      tokenOrigins: '',
      ...options,
    },
    signal: life.signal,
    ...(needsPicture ? { needsPicture } : {}),
    report: (report: EngineReport) => reports.push(report),
  };
  const loads = { upkeep: 0 };
  const engine = new WhepEngine(host as never, {
    clock: fake.clock,
    random: () => 0,
    // Loaded lazily otherwise, which takes real time.
    loadUpkeep: () => {
      loads.upkeep += 1;
      return Promise.resolve(Upkeep);
    },
  });
  const destroy = async () => {
    life.abort();
    engine.destroy();
    await fake.advance(4000);
  };
  const lines = () => sent.map(({ method, path }) => `${method} ${path}`);
  const types = () => reports.filter(({ type }) => type !== 'note').map(({ type }) => type);
  const errors = () => reports.flatMap((report) => (report.type === 'error' ? report.error.code : []));
  return { engine, fake, page, loads, sent, tokens, reports, video, element, destroy, lines, types, errors };
}

/** Waits for what needs code that loads lazily: that takes real time, in which no time limit of the test's clock may end. */
export async function untilLoaded(fake: FakeClock, hasCome: () => boolean): Promise<void> {
  while (!hasCome()) {
    await sleep(2);
    await fake.advance(0);
  }
}

/** The response to an offer. */
export function created(location: string, headers: Record<string, string> = {}): Response {
  const type = { 'Content-Type': 'application/sdp', Location: location, ETag: '"1"' };
  const sdp = 'v=0\r\nm=audio 9 X 111\r\na=mid:0\r\na=ice-ufrag:s\r\na=ice-pwd:t\r\n';
  return new Response(sdp, { status: 201, headers: { ...type, ...headers } });
}

/** Tokens `demo-1`, `demo-2`, …: the next one after each refusal, or when the test says. */
function fakeTokens(fake: FakeClock) {
  let version = 1;
  const listeners = new Set<(stream: string) => void>();
  const refused: number[] = [];
  const token = (stream: string) => ({
    stream,
    version,
    value: `${stream}-${String(version)}`,
    expiresAtMs: tokens.expiresAtMs,
  });
  const tokens = {
    expiresAtMs: fake.wallMs + 10_000,
    refused,
    leadMs: 60_000,
    get: (stream: string) => Promise.resolve(token(stream) as never),
    peek: (stream: string) => token(stream) as never,
    refresh: (stream: string) => Promise.resolve(token(stream) as never),
    rejected: (stream: string, of: number) => {
      refused.push(of);
      if (of === version) version += 1;
      return Promise.resolve(token(stream) as never);
    },
    accepted: () => undefined,
    onRefreshed: (listener: (stream: string) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    now: () => fake.wallMs,
    /** A new token has come, which lives for ten seconds. */
    renew: () => {
      version += 1;
      tokens.expiresAtMs = fake.wallMs + 10_000;
      for (const listener of [...listeners]) listener('demo');
      return Promise.resolve();
    },
    get listening() {
      return listeners.size;
    },
  };
  return tokens;
}
