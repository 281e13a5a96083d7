import { LARGEST_NUMERIC_DATE } from '../numeric-date.js';
import { LONGEST_STREAM_NAME, PRINTABLE } from '../stream-name.js';
import {
  acceptedExamples,
  problemExamples,
  problemStatuses,
  requestExamples,
  responseExamples,
} from './examples.js';

/** A JSON Schema (2020-12), as far as this module looks into it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The types that the document describes. Those that they refer to come with them. */
export const describedTypes = ['TokenRequest', 'TokenResponse', 'TokenAnswer', 'TokenProblem'] as const;

/** Rules of the contract that a TypeScript type cannot express, by schema. */
const rules: Readonly<Record<string, JsonSchema>> = {
  NumericDate: { minimum: 0, maximum: LARGEST_NUMERIC_DATE },
  StreamName: {
    minLength: 1,
    maxLength: LONGEST_STREAM_NAME,
    pattern: PRINTABLE.source,
    not: { enum: ['.', '..'] },
  },
  TokenItem: { anyOf: [{ required: ['token'] }, { required: ['security'] }] },
  SecurityObject: { anyOf: [{ required: ['token'] }, { required: ['jwtoken'] }] },
};

/**
 * The OpenAPI 3.1 document of the token endpoint.
 *
 * @param schemas - JSON Schemas of {@link describedTypes} and of what they refer to, by name.
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
        'A page asks this endpoint for the tokens of its streams and asks again before they end, or after an origin',
        'refused one. Clients treat 401 and 403 as final until the page acts. They repeat a request after 408, 425, 429',
        'and 5xx, with growing pauses, and obey `Retry-After`. All times are seconds since 1970 (NumericDate of RFC',
        '7519). Ignore members that you do not know: later versions may add some.',
      ].join(' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Your backend. The path of the endpoint is your choice, too.' }],
    security: [{}, { bearer: [] }, { session: [] }],
    paths: { '/api/tokens': { post: operation() } },
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, withRules(name, schema)]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Sign-in of your own, as a bearer token.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: 'Sign-in of your own, as a cookie.',
        },
      },
    },
  };
}

function operation() {
  return {
    operationId: 'issueTokens',
    summary: 'Issue one token per stream',
    description:
      'How the caller signs in is up to you. Answer with an item for each stream that the caller may have, under the same name. If you refuse some of several streams, leave those out; if you refuse all, answer 403.',
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: refTo('TokenRequest'), examples: valuesOf(requestExamples) },
      },
    },
    responses: {
      200: {
        description:
          'The tokens. Clients also understand the older forms of `TokenAnswer`, so that an existing backend needs no change: a bare token as text, `{ token }`, `{ success, data: { token } }`, `{ security }` and `{ h5live: { security } }`. Only the full form carries one token per stream and the time of the server.',
        headers: {
          'Cache-Control': {
            required: true,
            description: 'A cache must not give the token of one viewer to another.',
            schema: { type: 'string', const: 'no-store' },
          },
        },
        content: {
          'application/json': { schema: refTo('TokenResponse'), examples: valuesOf(responseExamples) },
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
        'WWW-Authenticate': { description: 'How to sign in.', schema: { type: 'string' } },
      }),
      ...(status === 405 && { Allow: { description: 'POST, OPTIONS', schema: { type: 'string' } } }),
    },
    content: {
      'application/problem+json': { schema: refTo('TokenProblem'), examples: valuesOf(examples) },
    },
  };
}

/** Does a client repeat a request after this status? */
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
  return { ...schema, ...rules[name], ...properties, ...examples };
}

function refTo(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function valuesOf(examples: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}
