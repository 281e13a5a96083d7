import * as v from 'valibot';
import {
  httpOrigin,
  httpUrl,
  objectOr,
  options,
  positive,
  seconds,
  secret,
  text,
  wholeNumber,
} from '../issuer/config-fields.js';
import { isUpstream } from '../playlist/upstream-allow-list.js';
import { areDistinct } from './distinct-kinds.js';
import { issuerConfig, schemeTypeOf, signsWithKeys } from './issuer-config.js';

const port = wholeNumber(0, 65_535);

const path = v.pipe(v.string(), v.startsWith('/'));

/** Origins and folders from which playlists may be fetched. */
const upstreams = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.check(isUpstream, 'is not an http(s) origin or folder without user, query and wildcard'),
    ),
  ),
  v.nonEmpty(),
);

/** Host names that the server accepts, without scheme and port. */
const hostNames = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^(?:[a-z\d-]+(?:\.[a-z\d-]+)*|\[[\da-f:]+\])$/, 'is not a host name'))),
  v.nonEmpty(),
);

const cookieAttributes = {
  sameSite: v.optional(v.picklist(['Strict', 'Lax', 'None'])),
  /** Attribute `Secure`. By default set for https requests, also as a trusted reverse proxy reports them. */
  secure: v.optional(v.boolean()),
  /** Attribute `Partitioned`, for players in a frame on another site. */
  partitioned: v.optional(v.boolean()),
};

const rate = options({ perMinute: positive, burst: wholeNumber(0) });

/**
 * Allowed streams: those in a claim of the caller's token, a list (`*` at the end of a name stands for any
 * characters but `/`), or all.
 */
const streams = v.union(
  [
    options({ claim: text }),
    options({ list: v.pipe(v.array(text), v.nonEmpty()) }),
    options({ any: v.literal(true) }),
  ],
  'is not { "claim": "name" }, { "list": ["name", "prefix-*"] } or { "any": true }',
);

const authorization = v.pipe(
  options({
    /** JWKS of the identity provider that signs the callers' tokens. */
    jwksUrl: v.optional(httpUrl),
    /** Or the shared secret that signs them (HS256), at least 32 bytes. */
    secret: v.optional(secret),
    issuer: v.optional(text),
    audience: v.optional(text),
    /** Cookie with the caller's token. `Authorization: Bearer` is always accepted. */
    cookie: v.optional(text),
    userClaim: v.optional(text, 'sub'),
    /** Longest accepted life of a caller's token. By default 30 days. */
    longestLifeSeconds: v.optional(seconds, 2_592_000),
    playback: v.optional(streams),
    ingest: v.optional(streams),
  }),
  v.partialCheck(
    [['jwksUrl'], ['secret']],
    ({ jwksUrl, secret: shared }) => (jwksUrl === undefined) !== (shared === undefined),
    'needs exactly one of jwksUrl and secret',
  ),
  v.partialCheck(
    [['playback'], ['ingest']],
    ({ playback, ingest }) => playback !== undefined || ingest !== undefined,
    'needs playback or ingest, with the streams that a caller may access',
  ),
);

/** Limits for media in the first token response, as in `FirstMediaOptions`. */
const firstMedia = options({
  maxBytes: v.optional(positive),
  firstByteMs: v.optional(positive),
  timeoutMs: v.optional(positive),
  sendMs: v.optional(positive),
  memoryBytes: v.optional(positive),
});

const wholeConfig = options({
  $schema: v.optional(v.string()),
  listen: v.optional(
    options({
      port: v.optional(port, 8080),
      host: v.optional(text, '127.0.0.1'),
      hosts: v.optional(hostNames),
    }),
    {},
  ),
  /** Separate port for `/metrics`, which is then not on the port of `listen`. */
  metrics: v.optional(options({ port, host: v.optional(text, '127.0.0.1'), hosts: v.optional(hostNames) })),
  /** Separate port for operators, who revoke access with the key: `POST /admin/revoke`. Turns revocation on. */
  admin: v.optional(
    options({ port, host: v.optional(text, '127.0.0.1'), hosts: v.optional(hostNames), key: secret }),
  ),
  /**
   * Secret from which the pseudonyms of users in tokens are made: the one that your origins have as `secret` of `createRevocations`.
   * By default the key of `admin`.
   */
  revocations: v.optional(options({ secret })),
  /** Processes that serve on the port, or "auto" for one for each core. */
  workers: v.optional(
    v.union([v.literal('auto'), wholeNumber(1, 64)], 'is not "auto" or a whole number from 1 to 64'),
    1,
  ),
  trustedProxies: v.optional(wholeNumber(0, 10), 0),
  /** Keys that sign JWTs and the playlist cookie. Not needed if nothing does. */
  keys: v.optional(
    v.union(
      [options({ directory: text }), options({ key: secret, kid: v.optional(text) })],
      'is not { "directory": "keys" } or { "key": { "env" | "file" }, "kid" }',
    ),
  ),
  issuers: v.pipe(
    options({ playback: v.optional(issuerConfig), ingest: v.optional(issuerConfig) }),
    v.check(
      (issuers) => areDistinct(issuers),
      'needs another audience or "typ" for ingest than for playback, so that no token is accepted as the other',
    ),
  ),
  authorization,
  cors: v.optional(options({ origins: v.array(httpOrigin), credentials: v.optional(v.boolean()) })),
  limits: v.optional(
    options({
      user: v.optional(rate),
      address: v.optional(rate),
      /** Streams of a user at the same time, counted per browser. */
      maxConcurrent: v.optional(positive),
      /** Who plays when there are more: those who started first, or who started last. */
      concurrentMode: v.optional(v.picklist(['oldest', 'newest'])),
      /** Cookie that tells the browsers of a user apart. By default as the cookie of `playlists`. */
      sessionCookie: v.optional(options(cookieAttributes)),
      /** Requests to the playlist signer: playlists, and segments that it redirects. */
      playlists: v.optional(
        options({
          user: v.optional(rate, { perMinute: 300, burst: 300 }),
          address: v.optional(rate, { perMinute: 3000, burst: 3000 }),
        }),
        {},
      ),
    }),
    {},
  ),
  store: v.optional(
    options({ redis: v.optional(secret), whenDown: v.optional(v.picklist(['closed', 'open'])) }),
    {},
  ),
  playlists: v.optional(
    options({
      upstreams,
      path: v.optional(path, '/hls/sign'),
      ttlSeconds: v.optional(seconds),
      /** Lifetime of the playlist cookie. */
      cookieTtlSeconds: v.optional(seconds),
      ...cookieAttributes,
    }),
  ),
  /** Playlists in the first token response. `"media"` for those that `playlists` signs, with the first media. */
  bootstrap: v.optional(
    objectOr(
      v.literal('media', 'is not "media" or { "url", "upstreams", … }'),
      options({
        /**
         * URL of a stream's playlist. `{stream}` is replaced with the stream name. Not needed for an issuer whose tokens name a
         * signed address.
         */
        url: v.optional(v.pipe(v.string(), v.includes('{stream}'))),
        upstreams,
        budgetMs: v.optional(positive),
        cacheMs: v.optional(wholeNumber(0)),
        /** The init segment and the media segment that playback begins with, too. */
        media: v.optional(objectOr(v.boolean('is not true, false or an object of limits'), firstMedia)),
      }),
    ),
  ),
  /** Proof of possession (DPoP, RFC 9449). */
  dpop: v.optional(
    options({
      mode: v.picklist(['required', 'optional']),
      /** Origin under which clients reach the token endpoint. */
      externalOrigin: httpOrigin,
      maxAgeSeconds: v.optional(wholeNumber(1, 3600)),
      /** Require nonces, made from a secret that all instances share. */
      nonce: v.optional(options({ secret: v.optional(secret), lifetimeSeconds: v.optional(seconds) })),
    }),
  ),
  /** Events of the token endpoint that tell pages when their access ends. Turns revocation on. */
  push: v.optional(
    objectOr(
      v.boolean('is not true, false or an object of limits'),
      options({
        maxConnections: v.optional(wholeNumber(1, 1_000_000)),
        maxPerAddress: v.optional(wholeNumber(1, 1_000_000)),
        maxPerUser: v.optional(wholeNumber(1, 1_000_000)),
        lifetimeSeconds: v.optional(wholeNumber(1, 86_400)),
      }),
    ),
  ),
  paths: v.optional(options({ tokens: v.optional(path, '/api/tokens') }), {}),
  log: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
});

/** Does the configuration count or remember anything, which several processes have to do together? */
function countsRequests({
  limits,
  playlists,
  dpop,
  admin,
  push,
}: Pick<v.InferOutput<typeof wholeConfig>, 'limits' | 'playlists' | 'dpop' | 'admin' | 'push'>): boolean {
  const { user, address, maxConcurrent } = limits;
  // false turns push off.
  const pushing = push === false ? undefined : push;
  return [user, address, maxConcurrent, playlists, dpop, admin, pushing].some(
    (option) => option !== undefined,
  );
}

/**
 * Configuration of `gatecast serve`. Objects are strict: an unknown option is an error. Each check needs some options only, so
 * that a fault of another one does not hide it.
 */
export const configSchema = v.pipe(
  wholeConfig,
  v.forward(
    v.partialCheck(
      [['keys'], ['issuers']],
      ({ keys, issuers: { playback, ingest } }) =>
        keys !== undefined || !(signsWithKeys(playback) || signsWithKeys(ingest)),
      'is missing: the issuers sign JWTs. Set { "directory": "keys" }, and create a key with "gatecast keys new"',
    ),
    ['keys'],
  ),
  v.forward(
    v.partialCheck(
      [['workers'], ['store'], ['limits'], ['playlists'], ['dpop'], ['admin'], ['push']],
      (config) => config.workers === 1 || config.store.redis !== undefined || !countsRequests(config),
      'needs store.redis: in memory each worker counts its own requests and knows its own revocations only, so limits would be several times as high, and revoked access would go on',
    ),
    ['workers'],
  ),
  v.forward(
    v.partialCheck(
      [['workers'], ['dpop']],
      ({ workers, dpop }) => workers === 1 || !dpop?.nonce || dpop.nonce.secret !== undefined,
      'needs dpop.nonce.secret, or each worker refuses the nonces of the others',
    ),
    ['workers'],
  ),
  v.forward(
    v.partialCheck(
      [['keys'], ['playlists']],
      ({ keys, playlists }) => keys !== undefined || playlists === undefined,
      'is missing: playlists signs a cookie and JWTs. Set { "directory": "keys" }, and create a key with "gatecast keys new"',
    ),
    ['keys'],
  ),
  v.forward(
    v.partialCheck(
      [['playlists'], ['issuers']],
      ({ playlists, issuers }) => playlists === undefined || schemeTypeOf(issuers.playback) === undefined,
      'needs an issuer of JWTs for playback: the playlist signer adds JWTs to playlists, and the configured CDN does not accept them',
    ),
    ['playlists'],
  ),
  v.forward(
    v.partialCheck(
      [['bootstrap'], ['playlists']],
      ({ bootstrap, playlists }) => bootstrap !== 'media' || playlists !== undefined,
      'is "media", which needs playlists with upstreams. Or set { "url": "https://…/{stream}.m3u8", "upstreams": […], "media": true }',
    ),
    ['bootstrap'],
  ),
);

export type Config = v.InferOutput<typeof configSchema>;
export type AuthorizationConfig = Config['authorization'];
