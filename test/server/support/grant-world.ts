import assert from 'node:assert/strict';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenHandler,
  createTokenVerifier,
  denyList,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
  type Authorization,
  type TokenIssuer,
} from '@gatecast/server';
import { decodeJwt } from 'jose';
import { CookieJar } from './cookie-jar.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
export const keys = createKeySet([key]);
export const MAX_SEATS = 3;
/** Lifetime of the issuers for a grant without a lifetime, in seconds. */
export const DEFAULT_TTL = 120;
const silent = { debug: drop, info: drop, warn: drop, error: drop };

function drop(): void {}

/** What `authorize` allowed for one stream, as the test sees it. */
export interface Allowed {
  readonly user: string;
  /** NumericDate seconds. */
  readonly end: number;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly jti: string | undefined;
}

/** A browser: its cookies, and what it may still get from the playlist signer. */
export interface Browser {
  readonly jar: CookieJar;
  user: string | undefined;
  readonly allowed: Map<string, Allowed>;
}

export interface Ask {
  readonly browser: Browser;
  readonly user: string;
  readonly streams: readonly string[];
  readonly purpose: 'playback' | 'ingest';
  /** The page sends and keeps cookies. */
  readonly sendsCookies: boolean;
  /** The decision of `authorize`, which adds the user. */
  readonly decision: Authorization & { readonly streams: readonly string[] };
}

/** One backend with a clock of the test, and a model of what it may give. The methods fail if it gives more. */
export class GrantWorld {
  readonly clock: { nowMs: number };
  readonly counts = { endpoint: 0, signer: 0, refused: 0, revoked: 0, full: 0 };
  readonly #playback: TokenIssuer;
  readonly #seats = new Map<string, Map<string, number>>();
  readonly #revoked = new Set<string>();
  readonly #store = memoryUsageStore({ now: () => this.clock.nowMs });
  readonly #cookie;
  readonly #handler;
  readonly #signer;
  #ask: Ask | undefined;
  #upstreamText = '';
  #upstreamToken: string | null = null;

  /** @param createIssuer - creates the issuer of playback tokens. */
  constructor(clock: { nowMs: number }, createIssuer: (now: () => number) => TokenIssuer) {
    this.clock = clock;
    const now = () => clock.nowMs;
    const isRevoked = denyList(this.#store, { policy: 'closed', logger: silent });
    const signing = jwtIssuer({ keys, now, ttlSeconds: DEFAULT_TTL, include: ['jti'] });
    this.#playback = createIssuer(now);
    this.#cookie = createPlaylistCookie({ keys, now });
    this.#handler = createTokenHandler({
      issuers: { playback: this.#playback, ingest: signing },
      authorize: () => {
        assert.ok(this.#ask);
        return { ...this.#ask.decision, user: this.#ask.user };
      },
      concurrentStreams: { store: this.#store, maxConcurrent: MAX_SEATS },
      playlistCookie: this.#cookie,
      isRevoked,
      now,
    });
    this.#signer = createPlaylistSigner({
      issuer: signing,
      cookie: this.#cookie,
      upstreams: ['https://cdn.test/live/'],
      isRevoked,
      now,
      fetch: async (input) => {
        this.#upstreamToken = new URL(input instanceof Request ? input.url : input).searchParams.get('token');
        return new Response(this.#upstreamText);
      },
    });
  }

  get nowSeconds(): number {
    return Math.floor(this.clock.nowMs / 1000);
  }

  async revoke(jti: string): Promise<void> {
    this.#revoked.add(jti);
    await this.#store.revoke(jti, this.clock.nowMs + 1e9);
  }

  /** Requests tokens, and checks the response and what it means for the browser. */
  async requestTokens(ask: Ask): Promise<void> {
    this.#ask = ask;
    const { browser, user, streams, purpose, sendsCookies, decision } = ask;
    const response = await this.#handler(
      new Request('https://page.test/api/tokens', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(sendsCookies && browser.jar.headers) },
        body: JSON.stringify({ purpose, streams }),
      }),
    );
    (sendsCookies ? browser.jar : new CookieJar()).keep(response);
    const body = (await response.json()) as { tokens?: Item[]; code?: string };
    const tokens = body.tokens ?? [];
    const granted = streams.filter(
      (stream) => decision.streams.includes(stream) && !this.#isRevoked(decision),
    );
    for (const item of tokens) this.#checkItem(item, ask, granted);
    if (purpose === 'playback') this.#takeSeats(user, sessionOf(response), tokens);
    if (body.code === 'concurrent-limit') this.counts.full += 1;
    if (sendsCookies) this.#apply(ask, granted, tokens);
    if (tokens.length === 0) this.counts.refused += 1;
    else if (purpose === 'playback') this.counts.endpoint += 1;
  }

  /** Requests a playlist, and a segment if the signer redirects, and checks all tokens in the responses. */
  async playNatively(browser: Browser, stream: string, text: string): Promise<void> {
    this.#upstreamText = text;
    this.#upstreamToken = null;
    const url = encodeURIComponent(`https://cdn.test/live/${stream}.m3u8`);
    const response = await this.#sign(browser, `/hls/sign?url=${url}`);
    const allowed = browser.allowed.get(stream);
    const mayPlay = allowed && allowed.end > this.clock.nowMs / 1000 && !this.#isRevoked(allowed);
    if (!mayPlay) {
      assert.ok([401, 403].includes(response.status), `the signer responded with ${response.status}`);
      this.counts[allowed && this.#isRevoked(allowed) ? 'revoked' : 'refused'] += 1;
      return;
    }
    assert.equal(response.status, 200, await response.clone().text());
    const tokens: (string | null)[] = [this.#upstreamToken];
    for (const [address] of (await response.text()).matchAll(/(?:https:\/\/cdn\.test|\/hls\/sign)[^"\s]*/g)) {
      const link = new URL(address, 'https://page.test');
      const isMedia = link.searchParams.get('kind') === 'media';
      const target = isMedia ? (await this.#sign(browser, address)).headers.get('Location') : address;
      const token = new URL(target ?? '', 'https://page.test').searchParams.get('token');
      if (token !== null) tokens.push(token);
    }
    assert.ok(tokens.length >= 2, 'the playlist has no token');
    for (const token of tokens) await this.#checkSigned(token, stream, allowed);
  }

  #sign(browser: Browser, path: string): Promise<Response> {
    return this.#signer(new Request(`https://page.test${path}`, { headers: browser.jar.headers }));
  }

  async #checkSigned(token: string | null, stream: string, allowed: Allowed): Promise<void> {
    const verifier = createTokenVerifier({ keys, now: () => this.clock.nowMs });
    const { claims, expiresAtMs } = await verifier.verify(token, { stream });
    assert.ok(expiresAtMs <= allowed.end * 1000, 'a token of the signer ends after its grant');
    for (const [name, value] of Object.entries(allowed.claims)) assert.deepEqual(claims[name], value, name);
    if (allowed.jti !== undefined) assert.equal(claims.jti, allowed.jti);
    this.counts.signer += 1;
  }

  #checkItem(item: Item, { decision }: Ask, granted: readonly string[]): void {
    assert.ok(granted.includes(item.stream), 'a token for a stream that was not granted');
    const { exp, ...claims } = decision.claims ?? {};
    const lifetime = this.nowSeconds + (decision.ttlSeconds ?? DEFAULT_TTL);
    const end = endOf(item);
    assert.ok(end <= (typeof exp === 'number' ? exp : lifetime), 'a token ends after its grant');
    assert.ok(end === item.expiresAt, 'the response has another end than the token');
    const jwt = item.token ?? item.security?.jwtoken;
    const issued = !jwt?.includes('.') ? {} : decodeJwt(jwt);
    for (const [name, value] of Object.entries(claims)) assert.deepEqual(issued[name], value, name);
  }

  /** Counts independently of the store: each stream of each browser, until its token ends. */
  #takeSeats(user: string, session: string, tokens: readonly Item[]): void {
    const seats = this.#seats.get(user) ?? new Map<string, number>();
    this.#seats.set(user, seats);
    for (const [seat, end] of seats) if (end <= this.clock.nowMs / 1000) seats.delete(seat);
    for (const item of tokens) seats.set(`${session} ${item.stream}`, item.expiresAt);
    assert.ok(seats.size <= MAX_SEATS, `${seats.size} seats`);
  }

  #apply(
    { browser, user, streams, purpose, decision }: Ask,
    granted: readonly string[],
    tokens: readonly Item[],
  ): void {
    if (browser.user !== user) browser.allowed.clear();
    browser.user = user;
    if (purpose === 'ingest') return;
    for (const stream of streams) if (!granted.includes(stream)) browser.allowed.delete(stream);
    const { exp: _, ...claims } = decision.claims ?? {};
    for (const item of tokens) {
      const jwt = item.token?.includes('.') ? decodeJwt(item.token) : {};
      browser.allowed.set(item.stream, { user, end: item.expiresAt, claims, jti: jwt.jti });
    }
  }

  #isRevoked(grant: Pick<Allowed, 'jti'> | Authorization): boolean {
    const jti = 'jti' in grant ? grant.jti : grant.claims?.['jti'];
    return typeof jti === 'string' && this.#revoked.has(jti);
  }
}

interface Item {
  readonly stream: string;
  readonly token?: string;
  readonly security?: { readonly jwtoken?: string; readonly expires?: string };
  readonly expiresAt: number;
}

/** The end that an origin would read from the token. */
function endOf({ token, security, expiresAt }: Item): number {
  const jwt = token ?? security?.jwtoken;
  if (security?.expires !== undefined) return Number(security.expires);
  return !jwt?.includes('.') ? expiresAt : (decodeJwt(jwt).exp ?? Infinity);
}

/** The session cookie that a response sets. */
function sessionOf(response: Response): string {
  return /__Host-gatecast_session=([^;]*)/.exec(response.headers.getSetCookie().join('\n'))?.[1] ?? '';
}
