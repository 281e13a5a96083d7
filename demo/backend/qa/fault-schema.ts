import * as v from 'valibot';
import { VIDEO_CODECS } from '../webrtc/codecs/video-codec.js';

const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(120_000));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31_536_000));
const errorStatus = v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const streamName = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Rule for media requests that the origin rejects. */
const rejectionSchema = v.strictObject({
  /** Stream name, or `*` for all streams. @defaultValue `*` */
  stream: v.optional(streamName, '*'),
  kind: v.optional(v.picklist(['any', 'playlist', 'init', 'segment', 'key']), 'any'),
  status: v.optional(errorStatus, 403),
  retryAfterSeconds: v.optional(seconds),
  /** Number of requests to reject. Without it, requests are rejected until the fault is cleared. */
  count: v.optional(count),
});

type Rejection = v.InferOutput<typeof rejectionSchema>;

const oneRejection = v.union([
  v.pipe(
    streamName,
    v.transform((stream): Rejection => ({ stream, kind: 'any', status: 403 })),
  ),
  rejectionSchema,
]);

const rejections = v.pipe(
  // The array comes first: valibot would accept an empty array as a rule with default values.
  v.union([v.array(oneRejection), oneRejection]),
  v.transform((given): Rejection[] => (Array.isArray(given) ? given : [given])),
);

const streamNames = v.pipe(
  v.union([streamName, v.array(streamName)]),
  v.transform((given): string[] => (Array.isArray(given) ? given : [given])),
);

const lifetime = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_536_000));

/** Faults of the token endpoint. */
const tokenFaultsSchema = v.strictObject({
  /** Number of requests to respond with `status` (default 503). */
  fail: v.optional(count),
  status: v.optional(errorStatus),
  retryAfterSeconds: v.optional(seconds),
  latencyMs: v.optional(milliseconds),
  /** Closes the connection of every token request without a response. */
  down: v.optional(v.boolean()),
  /** Token lifetime (1 to 31,536,000 s) for all streams, or by stream name. */
  ttlSeconds: v.optional(v.union([lifetime, v.record(streamName, lifetime)])),
  /** Streams that are refused. */
  refuse: v.optional(streamNames),
  /** Shape of the response body. */
  shape: v.optional(v.picklist(['contract', 'text', 'token', 'data', 'h5live', 'jwtoken', 'wrong', 'html'])),
  /** Returns the previous token of the stream again, as a misconfigured HTTP cache does. */
  repeat: v.optional(v.boolean()),
  /** Tokens that expired one minute earlier. */
  expired: v.optional(v.boolean()),
  /** Tokens with `nbf` one hour in the future. */
  notYetValid: v.optional(v.boolean()),
  /** Sends `expiresAt` in milliseconds instead of seconds. */
  milliseconds: v.optional(v.boolean()),
  /** Omits `exp` in the token and `expiresAt` in the response. */
  omitExp: v.optional(v.boolean()),
  omitExpiresAt: v.optional(v.boolean()),
  omitServerTime: v.optional(v.boolean()),
  omitIat: v.optional(v.boolean()),
  /** Sends random text instead of a JWT, without `expiresAt`. */
  opaque: v.optional(v.boolean()),
  /** Includes the playlists of the streams in the response. */
  bootstrap: v.optional(v.boolean()),
});

const mediaFaultsSchema = v.strictObject({
  reject: v.optional(rejections),
  /** Sends 401 and 403 without CORS headers, as the error pages of many CDNs: a page of another origin sees no status. */
  hideRefusals: v.optional(v.boolean()),
  /** Closes the connection of every media request without a response. */
  down: v.optional(v.boolean()),
  latencyMs: v.optional(milliseconds),
  /** Limit for each response, in kilobits per second. At least 1. */
  throttleKbps: v.optional(v.pipe(v.number(), v.minValue(1))),
});

const ingestFaultsSchema = v.strictObject({
  /** Ends the session of one publisher, or of all with `true`, as a crash of the ingest does. Acts once; not stored. */
  kill: v.optional(v.union([streamName, v.literal(true)])),
  /** Rejects new sessions with status 503. */
  refuse: v.optional(v.strictObject({ retryAfterSeconds: seconds })),
  /** Accepts these video codecs only, as an ingest that has no others. Present sessions go on. */
  codecs: v.optional(v.pipe(v.array(v.picklist(VIDEO_CODECS)), v.minLength(1))),
});

const whepFaultsSchema = v.strictObject({
  /** Ends the viewers' sessions of one stream, or of all with `true`, without notice. Acts once; not stored. */
  kill: v.optional(v.union([streamName, v.literal(true)])),
  /** Rejects new sessions. */
  refuse: v.optional(
    v.strictObject({
      status: v.optional(v.picklist([403, 404, 409, 503]), 503),
      retryAfterSeconds: v.optional(seconds),
    }),
  ),
  /** Responds to a viewer's offer with an offer of the server (406). */
  counterOffer: v.optional(v.boolean()),
  /** New sessions are accepted but cannot connect (`connection`), or no session gets media (`media`). */
  block: v.optional(v.picklist(['connection', 'media'])),
});

/** Body of `POST /api/qa/faults` and of the response to `GET`. */
export const faultSchema = v.strictObject({
  tokens: v.optional(tokenFaultsSchema),
  media: v.optional(mediaFaultsSchema),
  ingest: v.optional(ingestFaultsSchema),
  whep: v.optional(whepFaultsSchema),
  /** Offset of the backend's clock for issuing and verifying tokens. Positive is ahead, negative is behind. */
  clockSkewSeconds: v.optional(v.pipe(v.number(), v.integer())),
  /** Delay of every response of token endpoint, media origin, signing endpoint, ingest and WHEP. 0 to 120,000 ms. */
  latencyMs: v.optional(milliseconds),
  /** Revokes all tokens that were issued before. Acts once; not stored. */
  expireNow: v.optional(v.boolean()),
});

export type FaultSettings = v.InferOutput<typeof faultSchema>;
export type TokenFaults = NonNullable<FaultSettings['tokens']>;
export type AnswerShape = NonNullable<TokenFaults['shape']>;
export type { Rejection };
