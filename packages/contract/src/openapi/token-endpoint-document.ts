import { LARGEST_NUMERIC_DATE } from '../numeric-date.js';
import { DOT_SEGMENT, LONGEST_STREAM_NAME, PRINTABLE } from '../stream-name.js';
import {
  acceptedExamples,
  multipartExamples,
  problemExamples,
  problemStatuses,
  requestExamples,
  responseExamples,
} from './examples.js';

/** A JSON Schema (2020-12), with the members that this module reads. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A response in parts, which has no type: the bytes of media are not JSON. */
const multipartResponse: JsonSchema = {
  description:
    'Only if the field `Accept` of the request has `multipart/mixed`. Its parameter `bandwidth` is what the player expects of its connection, in bits per second. The first part is the `TokenResponse` as `application/json`, sent without waiting for media. A part follows for each item of its `media`, in the same order. Each part has `Content-Length`; those with media also have `Content-Type`, `Content-Location` (`url` of the item) and, for a byte range, `Content-Range: bytes <range>/*`. Clients ignore a part that is cut or missing, and request its media themselves.',
  type: 'array',
  minItems: 1,
  prefixItems: [{ $ref: '#/components/schemas/TokenResponse' }],
  items: { type: 'string', contentMediaType: 'video/mp4' },
};

/** The types that the document describes, together with the types that they refer to. */
export const describedTypes = ['TokenRequest', 'TokenResponse', 'TokenAnswer', 'TokenProblem'] as const;

/** Members that say where a token goes. */
const placeNames = ['query', 'headers', 'path', 'cookie', 'url'];

/** Rules of the contract that a TypeScript type cannot express, by schema. */
const rules: Readonly<Record<string, JsonSchema>> = {
  NumericDate: { minimum: 0, maximum: LARGEST_NUMERIC_DATE },
  StreamName: {
    minLength: 1,
    maxLength: LONGEST_STREAM_NAME,
    pattern: PRINTABLE.source,
    not: { pattern: DOT_SEGMENT.source },
  },
  TokenItem: {
    anyOf: ['token', 'security', ...placeNames].map((name) => ({
      required: [name],
    })),
  },
  SecurityObject: { anyOf: [{ required: ['token'] }, { required: ['jwtoken'] }] },
};

const fieldRules = (value: string): JsonSchema => ({
  minProperties: 1,
  maxProperties: 32,
  additionalProperties: { type: 'string', pattern: value },
});

/** Rules for the members that say where a token goes: what clients refuse. */
const placeRules: Readonly<Record<string, JsonSchema>> = {
  query: fieldRules('^[!-~]+$'),
  headers: { ...fieldRules('^[ -~]+$'), propertyNames: { pattern: "^[\\w!#$%&'*+.^`|~-]+$" } },
  path: { pattern: '^(?!//)[!"$-.0->@-\\[\\]-~/]+$' },
  url: { pattern: '^[!-~]+$' },
  origins: { minItems: 1, maxItems: 32, items: { type: 'string', pattern: '^https?://[^/?#@]+/?$' } },
};

/**
 * The OpenAPI 3.1 document of the token endpoint.
 *
 * @param schemas - JSON Schemas of {@link describedTypes} and the types that they refer to, by name.
 * @param version - version of the contract.
 */
export function tokenEndpointDocument(schemas: Readonly<Record<string, JsonSchema>>, version: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Gatecast token endpoint',
      version,
      summary: 'Issues short-lived tokens for protected live streams.',
      description: [
        'A page requests the tokens of its streams from this endpoint. It requests new tokens before they expire, and after',
        'an origin refused one. Clients do not retry after 401 and 403 until the page acts. They retry after 408, 425, 429',
        'and 5xx, with exponential backoff, and respect `Retry-After`. All times are seconds since 1970 (NumericDate of RFC',
        '7519). Ignore members that you do not know: later versions may add some.',
      ].join(' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Your backend. You can choose another path.' }],
    security: [{}, { bearer: [] }, { session: [] }],
    paths: { '/api/tokens': { post: operation(), get: eventsOperation } },
    components: {
      schemas: {
        ...Object.fromEntries(
          Object.entries(schemas).map(([name, schema]) => [name, withRules(name, schema)]),
        ),
        MultipartResponse: multipartResponse,
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'Your own authentication, as a bearer token.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: 'Your own authentication, as a cookie.',
        },
      },
    },
  };
}

const nonceHeader = {
  description: 'Nonce for the next proof (RFC 9449 section 8), if the backend requires nonces.',
  schema: { type: 'string' },
};

const streamOfEvents: JsonSchema = {
  description:
    'Server-sent events. `off`: access to streams has ended, `data` is `{ "code": "revoked", "streams": ["a"], "reason": "…" }`. `on`: it is allowed again, `{ "streams": ["a"] }`. `check`: request the tokens of these streams now, after a random time of up to two seconds. Ignore other events. A comment every 25 seconds at most keeps the connection open.',
  type: 'string',
};

/** Optional: a backend without events responds with 405. */
const eventsOperation = {
  operationId: 'listenForEvents',
  summary: 'Tell a page at once when its access ends',
  description:
    'Optional. A page opens it only if a response with tokens had `"push": true`. Authenticate and authorize the caller as for tokens. Events contain no token and no user.',
  parameters: [
    { name: 'purpose', in: 'query', required: true, schema: refTo('TokenPurpose') },
    {
      name: 'stream',
      in: 'query',
      required: true,
      description: 'Once for each stream.',
      explode: true,
      schema: { type: 'array', minItems: 1, items: refTo('StreamName') },
    },
  ],
  responses: {
    200: {
      description: 'Events until the connection ends. The page opens another one after the time of `retry`.',
      content: { 'text/event-stream': { schema: streamOfEvents } },
    },
    ...Object.fromEntries(
      ([400, 401, 403, 405, 429, 500, 503] as const).map((status) => [status, problemResponse(status)]),
    ),
  },
};

function operation() {
  return {
    operationId: 'issueTokens',
    summary: 'Issue one token per stream',
    description:
      'Authenticate the caller in your own way. Return an item for each stream that the caller may access, with the same name. Omit streams that the caller may not access. If there are no others, respond with 403.',
    parameters: [
      {
        name: 'DPoP',
        in: 'header',
        required: false,
        description:
          'Proof of possession of a key (RFC 9449 section 4), sent by elements with the attribute `dpop`. The tokens of the response are then bound to this key by the claim `cnf`. Backends without proof of possession ignore it.',
        schema: { type: 'string', maxLength: 4096, pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$' },
      },
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: refTo('TokenRequest'), examples: valuesOf(requestExamples) },
      },
    },
    responses: {
      200: {
        description:
          'The tokens. Clients also accept the other forms of `TokenAnswer`, so that an existing backend needs no change: a token as text, `{ token }`, `{ success, data: { token } }`, `{ security }`, `{ jwtoken }`, `{ h5live: { security } }`, and `{ url }` or other fields of a CDN with `expiresAt`. Only the full form has one token per stream and the time of the server.',
        headers: {
          'Cache-Control': {
            required: true,
            description: 'A cache must not return one viewer’s token to another viewer.',
            schema: { type: 'string', const: 'no-store' },
          },
          'DPoP-Nonce': nonceHeader,
        },
        content: {
          'application/json': { schema: refTo('TokenResponse'), examples: valuesOf(responseExamples) },
          'multipart/mixed': {
            schema: refTo('MultipartResponse'),
            examples: valuesOf(multipartExamples),
          },
        },
      },
      ...Object.fromEntries(problemStatuses.map((status) => [status, problemResponse(status)])),
    },
  };
}

function problemResponse(status: number) {
  const examples = problemExamples(status);
  const codes = Object.keys(examples).map((code) => `\`${code}\``);
  return {
    description: `A problem (RFC 9457). Code${codes.length > 1 ? 's' : ''} of @gatecast/server: ${codes.join(', ')}.`,
    headers: {
      ...(isRepeated(status) && {
        'Retry-After': {
          description: 'Seconds to wait, or an HTTP date.',
          schema: { type: ['integer', 'string'] },
        },
      }),
      ...(status === 401 && {
        'WWW-Authenticate': { description: 'The authentication scheme.', schema: { type: 'string' } },
      }),
      ...(status === 400 && { 'DPoP-Nonce': nonceHeader }),
      ...(status === 405 && { Allow: { description: 'POST, OPTIONS', schema: { type: 'string' } } }),
    },
    content: {
      'application/problem+json': { schema: refTo('TokenProblem'), examples: valuesOf(examples) },
    },
  };
}

/** Do clients retry after this status? */
function isRepeated(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function withRules(name: string, schema: JsonSchema): JsonSchema {
  const examples = name === 'TokenAnswer' ? { examples: Object.values(acceptedExamples) } : {};
  const streams = schema.properties?.['streams'];
  const properties =
    name === 'TokenRequest' && streams
      ? { properties: { ...schema.properties, streams: { ...streams, minItems: 1, uniqueItems: true } } }
      : {};
  return { ...withPlaceRules(schema), ...rules[name], ...properties, ...examples };
}

/** Adds the rules of places to a schema, also to the forms of a response that name no stream. */
function withPlaceRules(schema: JsonSchema): JsonSchema {
  const { anyOf, properties = {} } = schema;
  if (Array.isArray(anyOf))
    return { ...schema, anyOf: anyOf.map((each: JsonSchema) => withPlaceRules(each)) };
  const ruled = Object.entries(properties).map(
    ([name, each]) => [name, { ...each, ...placeRules[name] }] as const,
  );
  const isBare = 'query' in properties && !('stream' in properties);
  return {
    ...schema,
    ...(ruled.length > 0 && { properties: Object.fromEntries(ruled) }),
    ...(isBare && { anyOf: placeNames.map((name) => ({ required: [name] })) }),
  };
}

function refTo(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function valuesOf(examples: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
