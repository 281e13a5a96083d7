import { createRequire } from 'node:module';
import type { VideoJsPlayer } from '@gatecast/adapters/video.js';

/** What VHS passes on to `@videojs/xhr`. */
interface XhrOptions {
  readonly uri: string;
  readonly requestType?: string;
  readonly responseType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** What VHS reads of a request. */
export interface VhsXhr extends EventTarget {
  readonly status: number;
  readonly response: unknown;
  readonly responseText: string;
  readonly responseURL: string;
  readonly bandwidth?: number;
  abort(): void;
  getResponseHeader(name: string): string | null;
}

type CreateXhr = (
  options: XhrOptions,
  callback: (error: Error | null, response: { statusCode: number; headers: Record<string, string> }) => void,
) => VhsXhr;

/** The real one: it drives the object that VHS gives it. It reads `window` through the package `global`. */
const createXhr = createRequire(import.meta.url)('@videojs/xhr') as CreateXhr;

export interface VhsResult {
  readonly request: VhsXhr;
  readonly events: string[];
  readonly answers: { readonly statusCode: number; readonly error: Error | null }[];
}

type Hook = (options: XhrOptions) => XhrOptions;

/** `vhs.xhr` with the hooks of VHS 3.17: each gets the options, and returns those to use. */
function createVhs() {
  const hooks = new Set<Hook>();
  const xhr = {
    onRequest: (hook: Hook) => void hooks.add(hook),
    offRequest: (hook: Hook) => void hooks.delete(hook),
  };
  return { xhr, hooks, playlists: { main: { playlists: [] as object[] } } };
}

/** What `withTokens` uses of a player of Video.js 8. */
export class FakeVideoJs {
  vhs: ReturnType<typeof createVhs> | undefined;
  readonly sources: unknown[] = [];
  readonly listeners = new Map<string, Set<() => void>>();

  tech(): { vhs?: unknown } {
    return { vhs: this.vhs };
  }

  on(event: string, listener: () => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener);
  }

  /** Number of listeners. */
  get heard(): number {
    return [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  trigger(event: string): void {
    for (const listener of this.listeners.get(event) ?? []) listener();
  }

  currentSources(): string {
    return 'current';
  }

  /** As VHS does for each source: a new handler, then the event, then the first request. */
  src(source: unknown): void {
    this.sources.push(source);
    this.vhs = createVhs();
    this.trigger('xhr-hooks-ready');
  }

  request(options: XhrOptions): VhsResult {
    let changed: XhrOptions = { timeout: 45_000, ...options };
    for (const hook of this.vhs?.hooks ?? []) changed = hook(changed);
    const answers: VhsResult['answers'] = [];
    const events: string[] = [];
    const request = createXhr(changed, (error, { statusCode }) => answers.push({ error, statusCode }));
    for (const type of ['progress', 'abort', 'error', 'loadend'])
      request.addEventListener(type, () => events.push(type));
    return { request, answers, events };
  }
}

export function asPlayer(player: unknown): VideoJsPlayer {
  return player as VideoJsPlayer;
}
