import {
  delay,
  EventParser,
  GatecastError,
  outlook,
  readRetryAfterMs,
  retryDelayMs,
  type ServerEvent,
} from '@gatecast/token';
import type { SessionTokens } from '@gatecast/webrtc';
import type { EngineHost } from '../engine.js';
import type { ServerSession } from './server-session.js';
import { readLayers, type Layer } from './read-layers.js';
import { SecureViewerCountEvent } from './viewer-count-event.js';

const WANTED = ['active', 'inactive', 'layers', 'reconnect', 'viewercount'];
const STREAM_TYPE = 'text/event-stream';
/** A server with one of these has no events at this address, or none for this viewer. */
const NONE = new Set([204, 400, 401, 403, 404, 405, 410, 415, 501]);
/** After one that ends earlier, the wait grows: some servers and proxies end it with each event. */
const STABLE_MS = 10_000;
/** After so many attempts in a row without a stream, what the server has said is out of date. */
const FAILURES_UNTIL_UNKNOWN = 3;

export interface ServerEventsOptions extends Omit<ServerSession, 'created' | 'session'> {
  readonly created: Pick<ServerSession['created'], 'baseUrl'>;
  readonly host: Pick<EngineHost, 'element' | 'report'>;
  readonly tokens: SessionTokens;
  readonly eventsUrl: string;
  readonly layerUrl: string | null;
  /** The types of events that the server names, separated by commas; empty if it names none. */
  readonly offered: string;
  readonly signal: AbortSignal;
}

/** Reads the events of a session for as long as it lasts, with tokens in its requests, which `EventSource` cannot send. */
export class ServerEvents {
  readonly #options: ServerEventsOptions;
  #layers: readonly Layer[] = [];
  #viewers: number | null = null;
  #retryMs = 0;
  #hasAsked = false;
  /** Of the stream of events, as its server has named it. */
  #streamUrl: string | null = null;

  constructor(options: ServerEventsOptions) {
    this.#options = options;
  }

  get details(): Readonly<Record<string, unknown>> {
    return { viewers: this.#viewers };
  }

  /** Resolves when the session is over or the server has no events. Never rejects. */
  async run(): Promise<void> {
    await this.#follow();
    // An "active" would not be heard. Without media, another session is tried.
    if (!this.#options.signal.aborted) this.#options.onActive(true);
  }

  async #follow(): Promise<void> {
    const { signal, clock, random, host } = this.#options;
    let hasRead = false;
    let failures = 0;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      let retryAfterMs: number | undefined;
      failures += 1;
      try {
        const response = await this.#open();
        retryAfterMs = readRetryAfterMs(response.headers);
        const startMs = clock.now();
        const isRead = response.ok && isStream(response) && response.body !== null;
        if (isRead) {
          // An "active" of the time in between is lost.
          if (hasRead) this.#options.onActive(true);
          hasRead = true;
          failures = 0;
          await this.#read(response.body);
        }
        if (!isRead) discard(response);
        if (NONE.has(response.status) || (response.ok && !isRead)) return;
        if (isRead && clock.now() - startMs > STABLE_MS) attempt = 0;
      } catch (error) {
        if (isOver(signal)) return;
        host.report({ type: 'note', name: 'whep-events-failed', details: { error } });
        if (error instanceof GatecastError && outlook(error, { hasWorked: true }) === 'final') return;
      }
      if (failures >= FAILURES_UNTIL_UNKNOWN) this.#options.onActive(true);
      const waitMs = retryDelayMs({
        attempt: attempt + 1,
        random: random(),
        retryAfterMs,
        service: 'origin',
      });
      await delay(clock, Math.max(waitMs, this.#retryMs), signal).catch(() => undefined);
    }
  }

  /** @throws RangeError */
  choose(index: number | 'auto'): boolean {
    const [first] = this.#layers;
    if (!first || this.#options.layerUrl === null) return false;
    const layer = index === 'auto' ? null : this.#layers[index];
    if (layer === undefined) throw new RangeError(`switchEntry: no layer has the index ${String(index)}`);
    this.#hasAsked = true;
    this.#options.layer.request = layer && JSON.stringify(layer.request);
    void this.#ask(layer?.request ?? { mediaId: first.request['mediaId'] }, layer);
    return true;
  }

  /** The session has another server, or none. */
  leave(): void {
    const hadLayers = this.#layers.length > 0;
    this.#layers = [];
    if (hadLayers) this.#options.onLayersGone();
  }

  async #ask(request: Readonly<Record<string, unknown>>, layer: Layer | null): Promise<void> {
    const { tokens, layerUrl, signal, host } = this.#options;
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(request), signal };
    try {
      const response = await tokens.fetch(layerUrl ?? '', init);
      const { ok, status } = response;
      discard(response);
      if (ok && layer) host.report({ type: 'entry', index: layer.index, reason: 'manual' });
      if (!ok) host.report({ type: 'note', name: 'whep-layer-refused', details: { status } });
    } catch (error) {
      if (!signal.aborted) host.report({ type: 'note', name: 'whep-layer-failed', details: { error } });
    }
  }

  /** Asks for a stream of events by POST, as in the draft; servers before it have one at the address itself. */
  async #open(): Promise<Response> {
    const { tokens, eventsUrl, offered, signal } = this.#options;
    const known = this.#streamUrl === null ? null : await this.#get(this.#streamUrl);
    // One that is gone, or that the server does not keep.
    if (known && (isStream(known) || isFinal(known))) return known;
    discard(known);
    const names = offered.split(',').map((name) => name.trim());
    const wanted = offered ? WANTED.filter((name) => names.includes(name)) : WANTED;
    const body = JSON.stringify(wanted);
    const headers = { 'Content-Type': 'application/json', Accept: STREAM_TYPE };
    const created = await tokens.fetch(eventsUrl, { method: 'POST', headers, body, signal });
    if (isStream(created) || isFinal(created)) return created;
    discard(created);
    const location = created.ok ? created.headers.get('Location') : null;
    const baseUrl = tokens.withoutTokens(created.url || eventsUrl);
    const url =
      location !== null && URL.canParse(location, baseUrl) ? new URL(location, baseUrl).href : eventsUrl;
    if (!tokens.isAllowedOrigin(url)) return new Response(null, { status: 204 });
    this.#streamUrl = location === null ? null : tokens.withoutTokens(url);
    return this.#get(url);
  }

  #get(url: string): Promise<Response> {
    const { tokens, signal } = this.#options;
    return tokens.fetch(url, { headers: { Accept: STREAM_TYPE }, cache: 'no-store', signal });
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new EventParser(
      (event) => this.#onEvent(event),
      (retryMs) => {
        this.#retryMs = Math.min(retryMs, 60_000);
      },
    );
    const reader = body.getReader();
    try {
      for (;;) {
        const { value } = await reader.read();
        if (!value) return;
        parser.push(value);
      }
    } finally {
      reader.cancel().catch(() => undefined);
    }
  }

  /** A new session begins with the server's choice: the viewer's is asked for again. */
  #onLayers(): void {
    const { host, layer } = this.#options;
    host.report({ type: 'renditions', renditions: this.#layers });
    if (this.#hasAsked) return;
    const chosen = this.#layers.find(({ request }) => JSON.stringify(request) === layer.request);
    if (chosen) this.choose(chosen.index);
  }

  #onEvent({ type, data }: ServerEvent): void {
    const { host, tokens, created, stream } = this.#options;
    const values = readJson(data);
    switch (type) {
      case 'active':
      case 'inactive':
        this.#options.onActive(type === 'active');
        break;
      case 'reconnect': {
        const { url } = values;
        const next =
          typeof url === 'string' && URL.canParse(url, created.baseUrl)
            ? new URL(url, created.baseUrl)
            : null;
        this.#options.onReconnect(
          next && tokens.isAllowedOrigin(next.href) ? tokens.withoutTokens(next.href) : null,
        );
        break;
      }
      case 'viewercount': {
        const count = values['viewercount'];
        if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return;
        if (count === this.#viewers) return;
        this.#viewers = count;
        host.element.dispatchEvent(new SecureViewerCountEvent(count));
        break;
      }
      case 'layers': {
        if (this.#options.layerUrl === null) return;
        const layers = readLayers(values, stream);
        if (layers.length === 0) {
          this.leave();
          return;
        }
        this.#layers = layers;
        this.#onLayers();
        break;
      }
      default:
    }
  }
}

function isStream({ headers }: Response): boolean {
  return (headers.get('Content-Type') ?? '').toLowerCase().startsWith(STREAM_TYPE);
}

/** Another request would not help at once. */
function isFinal({ status }: Response): boolean {
  return [401, 403, 429].includes(status) || status >= 500;
}

/** Ends the transfer of a body that is not read. */
function discard(response: Response | null): void {
  response?.body?.cancel().catch(() => undefined);
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
