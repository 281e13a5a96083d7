import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty());
const httpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//, 'is not an http(s) address'));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_536_000));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(0.95));

/** Secrets are named, never written into the configuration. */
const secret = v.union(
  [v.strictObject({ env: text }), v.strictObject({ file: text })],
  'is not { "env": "NAME" } or { "file": "path" }: secrets are never written into the configuration',
);

const rate = v.strictObject({ perMinute: positive, burst: v.pipe(v.number(), v.integer(), v.minValue(0)) });

const jwtIssuer = v.strictObject({
  type: v.literal('jwt'),
  audience: v.optional(v.union([text, v.array(text)])),
  issuer: v.optional(text),
  ttlSeconds: v.optional(seconds),
  include: v.optional(v.array(v.picklist(['iat', 'nbf', 'jti']))),
  claims: v.optional(v.record(v.string(), v.unknown())),
});

const ingestJwtIssuer = v.strictObject({
  ...jwtIssuer.entries,
  type: v.literal('ingest-jwt'),
  ingestUrl: v.optional(v.pipe(v.string(), v.regex(/^(?:rtmps?|https?):\/\//, 'is not an ingest address'))),
});

const vendor = {
  url: v.optional(httpUrl),
  timeoutMs: v.optional(positive),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10))),
  ttlSeconds: v.optional(seconds),
  reuseFraction: v.optional(fraction),
};

const restrictions = v.optional(
  v.strictObject({ ip: v.optional(text), referer: v.optional(text), tag: v.optional(text) }),
);

const stsIssuer = v.strictObject({
  type: v.literal('sts'),
  apiKey: secret,
  orga: v.optional(text),
  restrictions,
  ...vendor,
});

const playbackJwtIssuer = v.strictObject({
  type: v.literal('playback-jwt'),
  apiKey: v.optional(secret),
  bintuToken: v.optional(secret),
  groupid: v.optional(text),
  orgawide: v.optional(v.literal(true)),
  bindUser: v.optional(v.boolean()),
  answerAs: v.optional(v.picklist(['security', 'token'])),
  restrictions,
  ...vendor,
});

const webcasterIssuer = v.strictObject({
  type: v.literal('webcaster'),
  apiKey: secret,
  ingestUrl: v.pipe(v.string(), v.regex(/^rtmps?:\/\//, 'is not an rtmp:// or rtmps:// address')),
  ...vendor,
});

const issuer = v.variant('type', [jwtIssuer, ingestJwtIssuer, stsIssuer, playbackJwtIssuer, webcasterIssuer]);

/** Which streams: those in a claim of the caller's token, a list with `*` at the end of a name, or all. */
const streams = v.union(
  [
    v.strictObject({ claim: text }),
    v.strictObject({ list: v.pipe(v.array(text), v.nonEmpty()) }),
    v.strictObject({ any: v.literal(true) }),
  ],
  'is not { "claim": "name" }, { "list": ["name", "prefix-*"] } or { "any": true }',
);

const authorization = v.pipe(
  v.strictObject({
    /** The team's identity provider. */
    jwksUrl: v.optional(httpUrl),
    /** Or the secret by which its tokens are signed (HS256). */
    secret: v.optional(secret),
    issuer: v.optional(text),
    audience: v.optional(text),
    /** Cookie that holds the token; `Authorization: Bearer` is always read. */
    cookie: v.optional(text),
    userClaim: v.optional(text, 'sub'),
    playback: v.optional(streams),
    ingest: v.optional(streams),
  }),
  v.check(
    ({ jwksUrl, secret: shared }) => (jwksUrl === undefined) !== (shared === undefined),
    'needs exactly one of jwksUrl and secret',
  ),
  v.check(
    ({ playback, ingest }) => playback !== undefined || ingest !== undefined,
    'needs playback or ingest: which streams a caller may have',
  ),
);

/** What `gatecast serve` reads. Every object is strict: a misspelt option is an error, not silence. */
export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  listen: v.optional(
    v.strictObject({
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 8080),
      host: v.optional(text, '127.0.0.1'),
    }),
    {},
  ),
  trustedProxies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)), 0),
  keys: v.union(
    [v.strictObject({ directory: text }), v.strictObject({ key: secret, kid: v.optional(text) })],
    'is not { "directory": "keys" } or { "key": { "env" | "file" }, "kid" }',
  ),
  issuers: v.strictObject({ playback: v.optional(issuer), ingest: v.optional(issuer) }),
  authorization,
  cors: v.optional(v.strictObject({ origins: v.array(httpUrl), credentials: v.optional(v.boolean()) })),
  limits: v.optional(
    v.strictObject({
      user: v.optional(rate),
      address: v.optional(rate),
      maxConcurrent: v.optional(positive),
    }),
  ),
  store: v.optional(
    v.strictObject({ redis: v.optional(secret), whenDown: v.optional(v.picklist(['closed', 'open'])) }),
    {},
  ),
  playlists: v.optional(
    v.strictObject({
      upstreams: v.pipe(v.array(httpUrl), v.nonEmpty()),
      path: v.optional(v.pipe(v.string(), v.startsWith('/')), '/hls/sign'),
      ttlSeconds: v.optional(seconds),
      sessionTtlSeconds: v.optional(seconds),
      sameSite: v.optional(v.picklist(['Strict', 'Lax', 'None'])),
      /** Is the cookie `Secure`? By default behind a proxy, which ends TLS, and on https. */
      secure: v.optional(v.boolean()),
    }),
  ),
  bootstrap: v.optional(
    v.strictObject({
      /** `{stream}` stands for the stream's name. */
      url: v.pipe(v.string(), v.includes('{stream}')),
      upstreams: v.pipe(v.array(httpUrl), v.nonEmpty()),
      budgetMs: v.optional(positive),
      cacheMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
  ),
  paths: v.optional(
    v.strictObject({ tokens: v.optional(v.pipe(v.string(), v.startsWith('/')), '/api/tokens') }),
    {},
  ),
  log: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
});

export type Config = v.InferOutput<typeof configSchema>;
export type IssuerConfig = NonNullable<Config['issuers']['playback']>;
export type AuthorizationConfig = Config['authorization'];
