import { after } from 'node:test';
import { type BackendOptions, createBackend } from '../../../demo/backend/backend.js';
import type { LogEntry } from '../../../demo/backend/http/request-log.js';

interface TokenAnswer {
  readonly tokens: readonly {
    readonly stream: string;
    readonly token: string;
    readonly expiresAt?: number;
  }[];
  readonly serverTime?: number;
  readonly playlists?: Readonly<Record<string, string>>;
}

/** A backend on its own port, with methods for the requests of tests. */
export interface RunningBackend {
  readonly origin: string;
  /** Requests tokens and returns the response. */
  ask(streams: readonly string[], options?: { purpose?: string; path?: string }): Promise<Response>;
  answer(streams: readonly string[], path?: string): Promise<TokenAnswer>;
  token(stream: string): Promise<string>;
  /** Requests a path with a token in its query. */
  get(path: string, token: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  fault(patch: unknown): Promise<Response>;
  log(): Promise<LogEntry[]>;
  /** Clears faults and log. */
  reset(): Promise<void>;
}

/** Starts a backend that stops after the tests of the file. */
export async function startBackend(options: BackendOptions = {}): Promise<RunningBackend> {
  const { origin, close } = await (await createBackend(options)).listen();
  after(close);
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask: RunningBackend['ask'] = (streams, { purpose = 'playback', path = '/api/tokens' } = {}) =>
    post(path, { purpose, streams, reason: 'initial' });
  const answer: RunningBackend['answer'] = async (streams, path) =>
    (await (await ask(streams, path === undefined ? {} : { path })).json()) as TokenAnswer;
  return {
    origin,
    ask,
    answer,
    async token(stream) {
      const [item] = (await answer([stream])).tokens;
      if (!item) throw new Error(`No token for ${stream}.`);
      return item.token;
    },
    get: (path, token, headers = {}) => fetch(`${origin}${path}?token=${token}`, { headers }),
    fault: (patch) => post('/api/qa/faults', patch),
    async log() {
      const body = (await (await fetch(`${origin}/api/qa/log`)).json()) as { entries: LogEntry[] };
      return body.entries;
    },
    async reset() {
      await fetch(`${origin}/api/qa/faults`, { method: 'DELETE' });
      await fetch(`${origin}/api/qa/log`, { method: 'DELETE' });
    },
  };
}

/** Status and code of a problem response, without its text. */
export async function problemOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? 'without code'}`;
}

/** A clock that the test advances. */
export function movableClock(startMs = Date.UTC(2026, 5, 1)): {
  now: () => number;
  advance(ms: number): void;
} {
  let atMs = startMs;
  return {
    now: () => atMs,
    advance(ms) {
      atMs += ms;
    },
  };
}
