import type { TokenFunction, TokenItem } from '@gatecast/token';

export type Pathway = 'A' | 'B';

/** One of two CDNs that serve the stream. */
export interface SteeredOrigin {
  readonly origin: string;
  /** Name of its token scheme. */
  readonly scheme: string;
}

/**
 * How a CDN is dead: `cut` ends each connection, also those with an answer under way; `unavailable` answers HTTP 503; `refusing`
 * answers HTTP 403; `hanging` answers nothing.
 */
export type Death = 'cut' | 'unavailable' | 'refusing' | 'hanging';

const STATUS: Partial<Record<Death, number>> = { unavailable: 503, refusing: 403 };

/**
 * Two CDNs with content steering, in front of the demo's media origins. It answers the steering requests of this page, adds the
 * second pathway to the multivariant playlist, and lets one CDN be dead. Media requests reach the real origins with what the
 * player sends. Several can be installed; they are removed in the reverse order.
 */
export class SteeredOrigins {
  /** The pathway that the steering manifest prefers. */
  preferred: Pathway = 'A';
  /** The CDN at which each request fails. */
  dead: Pathway | null = null;
  death: Death = 'cut';
  /** The CDNs that get tokens. */
  served: readonly Pathway[] = ['A', 'B'];
  /** The CDNs that have one video rendition only. */
  single: readonly Pathway[] = [];
  /** Names of the query and header fields of the steering requests that are not for steering. */
  readonly strayFields: string[] = [];
  steeringRequests = 0;
  /** Requests for segments in their order. */
  readonly segments: {
    readonly pathway: Pathway;
    readonly kind: 'audio' | 'video';
    readonly isDead: boolean;
  }[] = [];
  readonly #origins: Readonly<Record<Pathway, SteeredOrigin>>;
  readonly #stream: string;
  readonly #steering = `https://${crypto.randomUUID()}.test`;
  #fetch = globalThis.fetch;

  constructor(origins: Readonly<Record<Pathway, SteeredOrigin>>, stream: string) {
    this.#origins = origins;
    this.#stream = stream;
  }

  install(): void {
    this.#fetch = globalThis.fetch;
    globalThis.fetch = (input, init) => this.#answer(new Request(input, init));
  }

  remove(): void {
    globalThis.fetch = this.#fetch;
  }

  /** A token of each CDN that is {@link served}, for that CDN only. */
  tokenSource(ttlSeconds: number): TokenFunction {
    return async (request, { signal }) => {
      const answers = this.served.map(async (pathway) => {
        const { origin, scheme } = this.#origins[pathway];
        const response = await this.#fetch.call(
          globalThis,
          `${origin}/api/schemes/${scheme}/tokens?ttl=${String(ttlSeconds)}`,
          {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(request),
            signal,
          },
        );
        const { tokens } = (await response.json()) as { tokens: TokenItem[] };
        return tokens.map((item) => ({ ...item, origins: [origin] }));
      });
      return { tokens: (await Promise.all(answers)).flat() };
    };
  }

  /** Have audio and video segments been requested at a pathway, after a number of segments? */
  plays(pathway: Pathway, after: number): boolean {
    const kinds = this.segments.slice(after).filter((segment) => segment.pathway === pathway);
    return new Set(kinds.map(({ kind }) => kind)).size === 2;
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.origin === this.#steering) return this.#steer(url, request.headers);
    const pathway = this.#pathwayOf(url);
    if (!pathway) return this.#fetch.call(globalThis, request);
    const isDead = this.dead === pathway;
    if (url.pathname.endsWith('.m4s'))
      this.segments.push({ pathway, kind: url.pathname.includes('/audio-') ? 'audio' : 'video', isDead });
    if (isDead) return answerOfDead(this.death, request.signal);
    const response = await this.#fetch.call(globalThis, request);
    if (!response.ok) return response;
    const isMultivariant = url.pathname.endsWith('/index.m3u8');
    const body = isMultivariant ? this.#multivariant(await response.text()) : await response.arrayBuffer();
    if (this.dead === pathway) return answerOfDead(this.death, request.signal);
    // A new response has no address.
    return Object.defineProperty(new Response(body, response), 'url', { value: response.url });
  }

  #steer(url: URL, headers: Headers): Response {
    this.steeringRequests += 1;
    // Its own fields: RFC 8216bis section 7.1.
    this.strayFields.push(
      ...[...url.searchParams.keys()].filter((name) => !name.startsWith('_HLS_')),
      ...headers.keys(),
    );
    const other = this.preferred === 'A' ? 'B' : 'A';
    return Response.json({
      VERSION: 1,
      TTL: 1,
      'RELOAD-URI': '/again.json',
      'PATHWAY-PRIORITY': [this.preferred, other],
    });
  }

  #pathwayOf({ origin, pathname }: URL): Pathway | undefined {
    return (['A', 'B'] as const).find((pathway) => {
      const { origin: own, scheme } = this.#origins[pathway];
      return origin === own && pathname.startsWith(`/cdn/${scheme}/${this.#stream}/`);
    });
  }

  /** The playlist of one CDN with the variants and audio renditions of both. */
  #multivariant(text: string): string {
    const [header, ...rest] = text.split(/^(?=#EXT-X-(?:MEDIA|STREAM-INF):)/m);
    const first = rest.find((lines) => lines.startsWith('#EXT-X-STREAM-INF:'));
    // An absolute address is that of a third origin.
    const all = rest.filter((lines) => !lines.includes('URI="http'));
    const both = (['A', 'B'] as const).flatMap((pathway) => {
      const { origin, scheme } = this.#origins[pathway];
      const base = `${origin}/cdn/${scheme}/${this.#stream}/`;
      const isSingle = this.single.includes(pathway);
      const renditions = all.filter(
        (lines) => !isSingle || lines === first || lines.startsWith('#EXT-X-MEDIA:'),
      );
      return renditions.map((lines) =>
        lines
          .replace(/GROUP-ID="audio"/, `GROUP-ID="audio-${pathway}"`)
          .replace(/AUDIO="audio"/, `AUDIO="audio-${pathway}",PATHWAY-ID="${pathway}"`)
          .replace(/URI="/, `URI="${base}`)
          .replace(/^(?!#)(?=.)/m, base),
      );
    });
    return `${header ?? ''}#EXT-X-CONTENT-STEERING:SERVER-URI="${this.#steering}/first.json",PATHWAY-ID="A"\n${both.join('')}`;
  }
}

async function answerOfDead(death: Death, signal: AbortSignal): Promise<Response> {
  if (death === 'cut') throw new TypeError('The connection was cut.');
  const status = STATUS[death];
  if (status !== undefined) return new Response('', { status });
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
