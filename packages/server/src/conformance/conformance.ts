import type { TokenPurpose } from '@gatecast/contract';
import { readBoundedText } from '../http/read-bounded-text.js';
import { requireOrigin } from '../http/require-origin.js';
import { answerChecks } from './answer-checks.js';
import { advice, required, type Check, type Exchange, type Finding } from './finding.js';
import { KeptCookies } from './kept-cookies.js';
import { refusalChecks } from './refusal-checks.js';
import { whyUnreachable } from './unreachable.js';
import { requireKnownOptions } from '../http/require-known-options.js';

/** Largest size of a response: far more than one with 32 tokens and the playlists of `bootstrap` has. */
const MAX_BYTES = 8_388_608;

class TooLargeError extends Error {}

/** No request got a response. */
class UnreachableError extends Error {}

export interface ConformanceOptions {
  /** Absolute http(s) URL of the token endpoint. */
  readonly url: string;
  /** Streams that the caller may access. With two or more, the check covers requests for several streams. */
  readonly streams: readonly string[];
  /** @defaultValue `playback` */
  readonly purpose?: TokenPurpose;
  /** Headers that authenticate the caller, such as `Authorization` or `Cookie`. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Origin that CORS must allow, such as `https://www.example.com`. @defaultValue none: only unlisted origins are checked */
  readonly origin?: string;
  /** Time limit of each request in milliseconds. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Checks whether a token endpoint works with the elements, and what to improve. Works with a backend in any language.
 *
 * @throws TypeError for an `origin` that is not one.
 * @returns one finding per point. Failed requests are findings too; the promise does not reject for them. If the first request
 *   gets no response, its finding is the only one.
 * @example
 * ```ts
 * const findings = await checkConformance({ url: 'https://backend.example/api/tokens', streams: ['demo-high'] });
 * const missing = findings.filter(({ level }) => level === 'missing');
 * ```
 */
export async function checkConformance(options: ConformanceOptions): Promise<Finding[]> {
  requireKnownOptions('checkConformance', options, optionNames);
  if (options.origin !== undefined) requireOrigin(options.origin, 'The option origin');
  const exchange = exchangeWith(options);
  const findings: Finding[] = [];
  try {
    for (const check of answerChecks) findings.push(...(await run(check, exchange, required)));
    for (const check of refusalChecks) findings.push(...(await run(check, exchange, advice)));
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    findings.push(required(false, 'the endpoint responds', error.message));
  }
  return findings;
}

async function run(
  check: Check,
  exchange: CountingExchange,
  point: typeof required | typeof advice,
): Promise<Finding[]> {
  try {
    return await check(exchange);
  } catch (error) {
    if (error instanceof TooLargeError) {
      const detail = `A response is larger than ${String(MAX_BYTES)} bytes.`;
      return [point(false, 'the endpoint sends responses of limited size', detail)];
    }
    const why = whyUnreachable(error);
    if (exchange.responses() === 0) throw new UnreachableError(why);
    return [point(false, 'the endpoint responds to each request', why)];
  }
}

interface CountingExchange extends Exchange {
  /** Number of responses so far. */
  responses(): number;
}

function exchangeWith(options: ConformanceOptions): CountingExchange {
  const { url, streams, purpose = 'playback', headers = {}, timeoutMs = 10_000, now = Date.now } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const cookies = new KeptCookies();
  let responses = 0;
  const send: Exchange['send'] = async (init) => {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      signal: AbortSignal.timeout(timeoutMs),
    });
    responses += 1;
    const text = await readBoundedText(response, MAX_BYTES);
    if (text === null) throw new TooLargeError('The response is too large.');
    return { status: response.status, headers: response.headers, text };
  };
  return {
    streams,
    purpose,
    origin: options.origin,
    isSignedIn: Object.keys(headers).length > 0,
    now,
    responses: () => responses,
    send,
    post: async (body, more = {}) => {
      const answer = await send({
        method: 'POST',
        headers: cookies.addTo({ 'Content-Type': 'application/json', ...headers, ...more }),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      cookies.keep(answer.headers);
      return answer;
    },
    postSignedOut: (body) =>
      send({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  };
}

const optionNames: Readonly<Record<keyof ConformanceOptions, true>> = {
  url: true,
  streams: true,
  purpose: true,
  headers: true,
  origin: true,
  timeoutMs: true,
  now: true,
  fetch: true,
};
