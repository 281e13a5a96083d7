import assert from 'node:assert/strict';
import { Problem, type IssueRequest, type TokenIssuer } from '@gatecast/server';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';

export const API_KEY = 'sentinel-api-key-4711';
export const NOW_MS = 1_708_457_000_000;
export const now = () => NOW_MS;
const fakeVendor = createFakeVendor({ apiKey: API_KEY, now });

/** A fetch into the vendor's fake services that records its calls; it answers with `failures` first. */
export function countingFetch(failures: (Response | Error)[] = []) {
  const calls: { url: string; headers: Headers; body: Record<string, unknown> }[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const body = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    calls.push({ url, headers: new Headers(init.headers), body });
    const failure = failures.shift();
    if (failure instanceof Error) throw failure;
    return failure ?? fakeVendor.request(url, init);
  };
  return { calls, fetch };
}

/** Options of every issuer under test. */
export const common = { apiKey: API_KEY, now, sleep: () => Promise.resolve() };

/** Asks for a playback token for the stream `XXXXX-YYYYY`. */
export function ask(issuer: TokenIssuer, grant: IssueRequest['grant'] = {}, user?: string) {
  return issuer.issue({ purpose: 'playback', stream: 'XXXXX-YYYYY', grant, user });
}

/** The problem that a promise rejects with; fails if the API key is in it. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error: unknown = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, 'the error is not a Problem');
  assert.ok(!JSON.stringify(error).includes(API_KEY) && !error.message.includes(API_KEY), 'the key leaked');
  return error;
}
