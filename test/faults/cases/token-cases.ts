import type { AnswerFault, FaultCase, TokenFault } from './fault-case.js';

/** Short enough that a renewal falls into the outage. */
const tokenTtlSeconds = 16;
const playing = { stream: 'media', when: 'playing', seconds: 15, tokenTtlSeconds } as const;
const atStart = { stream: 'media', when: 'start', seconds: 8 } as const;

const answers: readonly (readonly [string, string, AnswerFault | TokenFault])[] = [
  ['400', '400', { kind: 'status', status: 400 }],
  ['401', '401', { kind: 'status', status: 401 }],
  ['403', '403', { kind: 'status', status: 403 }],
  ['404', '404', { kind: 'status', status: 404 }],
  ['409', '409', { kind: 'status', status: 409 }],
  ['410', '410', { kind: 'status', status: 410 }],
  ['429', '429 with Retry-After', { kind: 'status', status: 429, retryAfter: 'seconds' }],
  ['500', '500', { kind: 'status', status: 500 }],
  ['502', '502', { kind: 'status', status: 502 }],
  ['503', '503', { kind: 'status', status: 503 }],
  ['503-date', '503 with Retry-After as a date', { kind: 'status', status: 503, retryAfter: 'date' }],
  ['503-no-cors', '503 without CORS', { kind: 'status', status: 503, cors: false }],
  ['reset', 'a reset', { kind: 'reset' }],
  ['hang', 'nothing', { kind: 'hang' }],
  ['empty', 'no content', { kind: 'empty' }],
  ['html', 'an HTML page', { kind: 'html' }],
  ['text-error', 'the text “error”', { kind: 'text', text: 'error' }],
  ['same', 'the same token again', { kind: 'same-token' }],
  ['not-before', 'a token valid in 5 s', { kind: 'not-before', seconds: 5 }],
  ['expired', 'an expired token', { kind: 'expired' }],
];

/** The contract says that the page must act after these, so only a page's own renewal must be as good. */
const finalByContract = new Set(['401', '403']);

/** The longest wait between two requests without a token is 5.5 s; then playback starts. */
const longestWaitS = 7;

/** Before the endpoint has answered once, these are the responses of a wrong address. */
const finalAtStart = new Set(['400', '404', '409', '410', 'empty', 'html']);

function endpointCases(): FaultCase[] {
  return answers
    .filter(([suffix]) => !finalByContract.has(suffix))
    .flatMap(([suffix, words, does]): FaultCase[] => {
      const title = `the token endpoint responds with ${words}`;
      const faults = [{ on: 'tokens', does }] as const;
      const isFinal = finalAtStart.has(suffix);
      const expect = isFinal ? { isFinal } : { backWithinS: longestWaitS };
      const start = { ...atStart, name: `tokens-${suffix}-at-start`, title, faults, expect };
      const during = { ...playing, name: `tokens-${suffix}`, title, faults };
      return suffix === 'same' ? [during] : [during, start];
    });
}

/** Faults of the token endpoint. */
export const tokenEndpointCases: readonly FaultCase[] = [
  ...endpointCases(),
  {
    ...playing,
    name: 'tokens-503-long',
    title: 'the token endpoint returns 503 for longer than a token lives',
    seconds: 45,
    faults: [{ on: 'tokens', does: { kind: 'status', status: 503 } }],
  },
  {
    ...playing,
    name: 'tokens-one-text-error',
    title: 'one response with the text “error”',
    seconds: 15,
    faults: [{ on: 'tokens', does: { kind: 'text', text: 'error' }, requests: 1 }],
    expect: { error: 'none' },
  },
  {
    ...playing,
    name: 'tokens-503-paused',
    title: 'the token endpoint returns 503',
    when: 'paused',
    seconds: 20,
    faults: [{ on: 'tokens', does: { kind: 'status', status: 503 } }],
  },
];

/** The origin and the tokens disagree. */
export const refusalCases: readonly FaultCase[] = [
  {
    name: 'refuse-all-15',
    title: 'the origin refuses every token (key rotation)',
    stream: 'media',
    when: 'playing',
    seconds: 15,
    faults: [{ on: 'media', does: { kind: 'refuse-tokens' } }],
  },
  {
    name: 'refuse-all-15-only-new',
    title: 'the origin refuses every token, then old ones only',
    stream: 'media',
    when: 'playing',
    seconds: 15,
    faults: [
      { on: 'media', does: { kind: 'refuse-tokens' } },
      { on: 'media', does: { kind: 'revoke' } },
    ],
  },
  {
    name: 'refuse-all-4-at-start',
    title: 'the origin refuses every token',
    stream: 'media',
    when: 'start',
    seconds: 4,
    faults: [{ on: 'media', does: { kind: 'refuse-tokens' } }],
  },
  {
    name: 'refuse-all-15-at-start',
    title: 'the origin refuses every token',
    stream: 'media',
    when: 'start',
    seconds: 15,
    faults: [{ on: 'media', does: { kind: 'refuse-tokens' } }],
  },
  {
    name: 'refuse-multivariant-15',
    title: 'the origin refuses every token, two renditions',
    stream: 'multivariant',
    when: 'playing',
    seconds: 15,
    faults: [{ on: 'media', does: { kind: 'refuse-tokens' } }],
  },
  {
    name: 'revoked',
    title: 'the origin revokes all tokens once',
    stream: 'media',
    when: 'playing',
    seconds: 1,
    faults: [{ on: 'media', does: { kind: 'revoke' } }],
    expect: { error: 'none' },
  },
  {
    name: 'refused-without-cors',
    title: 'the origin revokes all tokens; its 403 has no CORS headers',
    stream: 'media',
    when: 'playing',
    seconds: 10,
    faults: [
      { on: 'media', does: { kind: 'refuse-tokens', cors: false } },
      { on: 'media', does: { kind: 'revoke' } },
    ],
  },
  {
    name: 'refused-without-cors-at-start',
    title: 'the origin refuses every token; its 403 has no CORS headers',
    stream: 'media',
    when: 'start',
    seconds: 6,
    faults: [{ on: 'media', does: { kind: 'refuse-tokens', cors: false } }],
  },
  {
    name: 'clock-ahead',
    title: 'clocks of endpoint and origin are 120 s ahead, then right',
    stream: 'media',
    when: 'start',
    seconds: 20,
    tokenTtlSeconds: 16,
    faults: [{ on: 'clock', does: { kind: 'skew', seconds: 120 } }],
  },
  {
    name: 'clock-behind',
    title: 'clocks of endpoint and origin are 120 s behind, then right',
    stream: 'media',
    when: 'start',
    seconds: 20,
    tokenTtlSeconds: 16,
    faults: [{ on: 'clock', does: { kind: 'skew', seconds: -120 } }],
  },
];
