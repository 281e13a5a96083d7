import type { TokenFunction, TokenItem } from '@gatecast/token';

export type Pathway = 'A' | 'B';

/** One of two CDNs that serve the stream. */
export interface SteeredOrigin {
  readonly origin: string;
  /** Name of its token scheme. */
  readonly scheme: string;
}

const STEERING = 'https://steering.test';

/**
 * Two CDNs with content steering, in front of the demo's media origins. It answers the steering requests of this page, adds the
 * second pathway to the multivariant playlist, and lets one CDN be dead. Media requests reach the real origins with what the
 * player sends.
 */
export class SteeredOrigins {
  /** The pathway that the steering manifest prefers. */
  preferred: Pathway = 'A';
  /** The CDN at which each request fails, as at a host that cannot be reached. */
  dead: Pathway | null = null;
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
  readonly #fetch = globalThis.fetch;

  constructor(origins: Readonly<Record<Pathway, SteeredOrigin>>, stream: string) {
    this.#origins = origins;
    this.#stream = stream;
  }

  install(): void {
    globalThis.fetch = (input, init) => this.#answer(new Request(input, init));
  }

  remove(): void {
    globalThis.fetch = this.#fetch;
  }

  /** A token of each CDN, for that CDN only. */
  tokenSource(ttlSeconds: number): TokenFunction {
    return async (request, { signal }) => {
      const answers = Object.values(this.#origins).map(async ({ origin, scheme }) => {
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
    if (url.origin === STEERING) return this.#steer(url, request.headers);
    const pathway = this.#pathwayOf(url);
    if (!pathway) return this.#fetch.call(globalThis, request);
    const isDead = this.dead === pathway;
    if (url.pathname.endsWith('.m4s'))
      this.segments.push({ pathway, kind: url.pathname.includes('/audio-') ? 'audio' : 'video', isDead });
    if (isDead) throw new TypeError('The CDN cannot be reached.');
    const response = await this.#fetch.call(globalThis, request);
    if (!response.ok || !url.pathname.endsWith('/index.m3u8')) return response;
    return new Response(this.#multivariant(await response.text()), { headers: response.headers });
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
      return origin === own && pathname.startsWith(`/cdn/${scheme}/`);
    });
  }

  /** The playlist of one CDN with the variants and audio renditions of both. */
  #multivariant(text: string): string {
    const [header, ...rest] = text.split(/^(?=#EXT-X-(?:MEDIA|STREAM-INF):)/m);
    // An absolute address is that of a third origin.
    const renditions = rest.filter((lines) => !lines.includes('URI="http'));
    const both = (['A', 'B'] as const).flatMap((pathway) => {
      const { origin, scheme } = this.#origins[pathway];
      const base = `${origin}/cdn/${scheme}/${this.#stream}/`;
      return renditions.map((lines) =>
        lines
          .replace(/GROUP-ID="audio"/, `GROUP-ID="audio-${pathway}"`)
          .replace(/AUDIO="audio"/, `AUDIO="audio-${pathway}",PATHWAY-ID="${pathway}"`)
          .replace(/URI="/, `URI="${base}`)
          .replace(/^(?!#)(?=.)/m, base),
      );
    });
    return `${header ?? ''}#EXT-X-CONTENT-STEERING:SERVER-URI="${STEERING}/first.json",PATHWAY-ID="A"\n${both.join('')}`;
  }
}
