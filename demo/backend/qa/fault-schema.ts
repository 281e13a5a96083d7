import * as v from 'valibot';

const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(120_000));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31_536_000));
const errorStatus = v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const streamName = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Requests that the media origin refuses. */
const rejectionSchema = v.strictObject({
  /** `*` is every stream. */
  stream: v.optional(streamName, '*'),
  kind: v.optional(v.picklist(['any', 'playlist', 'init', 'segment', 'key']), 'any'),
  status: v.optional(errorStatus, 403),
  retryAfterSeconds: v.optional(seconds),
  /** How many more requests; without it, until the fault is cleared. */
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
  // The list first: an empty one would pass for a rule in which nothing is said.
  v.union([v.array(oneRejection), oneRejection]),
  v.transform((given): Rejection[] => (Array.isArray(given) ? given : [given])),
);

const streamNames = v.pipe(
  v.union([streamName, v.array(streamName)]),
  v.transform((given): string[] => (Array.isArray(given) ? given : [given])),
);

const lifetime = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_536_000));

/** What can go wrong at the token endpoint. */
const tokenFaultsSchema = v.strictObject({
  /** Answers that many requests with `status`. */
  fail: v.optional(count),
  status: v.optional(errorStatus),
  retryAfterSeconds: v.optional(seconds),
  latencyMs: v.optional(milliseconds),
  /** Cuts the connection. */
  down: v.optional(v.boolean()),
  /** Lifetime for all streams, or by stream. */
  ttlSeconds: v.optional(v.union([lifetime, v.record(streamName, lifetime)])),
  /** Streams that nobody may have. */
  refuse: v.optional(streamNames),
  /** Form of the answer. */
  shape: v.optional(v.picklist(['contract', 'text', 'token', 'data', 'h5live', 'wrong', 'html'])),
  /** The same token again, as a cache in the wrong place would send it. */
  repeat: v.optional(v.boolean()),
  /** Ended a minute ago. */
  expired: v.optional(v.boolean()),
  /** `nbf` an hour ahead. */
  notYetValid: v.optional(v.boolean()),
  /** `expiresAt` in milliseconds. */
  milliseconds: v.optional(v.boolean()),
  /** No `exp` in the token and no `expiresAt` in the answer. */
  omitExp: v.optional(v.boolean()),
  omitExpiresAt: v.optional(v.boolean()),
  omitServerTime: v.optional(v.boolean()),
  omitIat: v.optional(v.boolean()),
  /** Random text in place of a JWT, without `expiresAt`. */
  opaque: v.optional(v.boolean()),
  /** Sends the streams' playlists along. */
  bootstrap: v.optional(v.boolean()),
});

const mediaFaultsSchema = v.strictObject({
  reject: v.optional(rejections),
  /** Cuts the connection of every media request. */
  down: v.optional(v.boolean()),
  latencyMs: v.optional(milliseconds),
  /** Kilobits per second for each response. */
  throttleKbps: v.optional(v.pipe(v.number(), v.minValue(1))),
});

const ingestFaultsSchema = v.strictObject({
  /** Drops that publisher, or all, as a crashed ingest would; acts once and is not kept. */
  kill: v.optional(v.union([streamName, v.literal(true)])),
  /** New sessions get 503. */
  refuse: v.optional(v.strictObject({ retryAfterSeconds: seconds })),
});

/** Body of `POST /api/qa/faults`, and what `GET` shows. */
export const faultSchema = v.strictObject({
  tokens: v.optional(tokenFaultsSchema),
  media: v.optional(mediaFaultsSchema),
  ingest: v.optional(ingestFaultsSchema),
  /** The backend's clock runs ahead by this much (behind, if negative), for minting and for checking. */
  clockSkewSeconds: v.optional(v.pipe(v.number(), v.integer())),
  /** Before every answer. */
  latencyMs: v.optional(milliseconds),
  /** Ends the life of every token that was given out so far; acts once and is not kept. */
  expireNow: v.optional(v.boolean()),
});

export type FaultSettings = v.InferOutput<typeof faultSchema>;
export type TokenFaults = NonNullable<FaultSettings['tokens']>;
export type AnswerShape = NonNullable<TokenFaults['shape']>;
export type { Rejection };
