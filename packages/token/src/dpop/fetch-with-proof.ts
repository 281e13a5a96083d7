import { GatecastError } from '../errors.js';
import { boundKeyOf, tokensIn } from './bound-key.js';
import { createProof } from './create-proof.js';
import { proofKey, type ProofKey } from './proof-key.js';
import type { ProofContext } from './proof-context.js';

/** What the responses of one origin have said about proofs. */
interface OriginState {
  /** It refused a token without a proof. */
  asks: boolean;
  nonce: string | undefined;
  /** Its clock minus ours, in milliseconds; only after it refused a proof for its time. */
  offsetMs: number;
}

const states = new Map<string, OriginState>();

/** Smaller differences are within what servers accept, and within what the `Date` header can tell. */
const CLOCK_STEP_MS = 5000;

/**
 * `fetch` with a proof of possession:
 *
 * - A token request always has one.
 * - A request with `Authorization: Bearer` has one, and the scheme becomes `DPoP` (RFC 9449 section 7.1).
 * - Other requests have one after their origin refused a request without it (401).
 *
 * The request is repeated once if the origin asks for a proof, gives a nonce (sections 8 and 9), or refuses a proof while the
 * clocks differ by more than 5 s. A request with a proof follows no redirect, because the browser would send the proof on.
 *
 * @throws GatecastError `proof-unavailable`, or `token-unbound` for a token that is not bound to the key of this page.
 */
export async function fetchWithProof(
  fetch: typeof globalThis.fetch,
  input: RequestInfo | URL,
  given: RequestInit = {},
  context: ProofContext,
): Promise<Response> {
  const { href: url, origin } = new URL(
    input instanceof Request ? input.url : input,
    (globalThis as { location?: Location }).location?.href,
  );
  const init = input instanceof Request ? { ...(await initOf(input)), ...given } : given;
  const key = await proofKey(context.endpoint);
  if (context.secret !== null) requireBound(context.secret, key);
  const state = stateOf(origin);
  const first = await send(fetch, url, init, context, key, state);
  const { response } = first;
  if (!learn(first, state, context)) return checkAnswer(response, context, key);
  // An unread body would block the connection that the repeated request could use.
  response.body?.cancel().catch(() => undefined);
  const second = await send(fetch, url, init, context, key, state);
  learn(second, state, context);
  return checkAnswer(second.response, context, key);
}

/** The parts of a request, which can be sent twice. */
async function initOf(request: Request): Promise<RequestInit> {
  const { method, headers, credentials, signal, cache } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return {
    method,
    headers,
    credentials,
    signal,
    cache,
    ...(hasBody && { body: await request.arrayBuffer() }),
  };
}

interface Sent {
  readonly response: Response;
  /** `null` if the request had no proof. */
  readonly proof: { readonly nonce: string | undefined } | null;
}

async function send(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  { secret, now = Date.now }: ProofContext,
  key: ProofKey,
  state: OriginState,
): Promise<Sent> {
  const headers = new Headers(init.headers);
  const bearer = /^Bearer (.*)$/i.exec(headers.get('Authorization') ?? '')?.[1];
  const isBearer = secret !== null && bearer === secret;
  if (secret !== null && !isBearer && !state.asks) {
    return { response: await fetch(url, init), proof: null };
  }
  const { nonce } = state;
  const nowMs = now() + state.offsetMs;
  const proof = await createProof(key, { method: init.method ?? 'GET', url, secret, nowMs, nonce });
  if (isBearer) headers.set('Authorization', `DPoP ${secret}`);
  headers.set('DPoP', proof);
  // The browser would send the proof to any address that a redirect names.
  return { response: await fetch(url, { ...init, headers, redirect: 'manual' }), proof: { nonce } };
}

/** Keeps what a response says about proofs. Returns whether the request should be repeated because of it. */
function learn({ response, proof }: Sent, state: OriginState, { now = Date.now }: ProofContext): boolean {
  const { status, headers } = response;
  const nonce = headers.get('DPoP-Nonce') ?? undefined;
  if (nonce !== undefined) state.nonce = nonce;
  if (status !== 401 && status !== 400) return false;
  const challenge = headers.get('WWW-Authenticate');
  if (!proof) {
    // Across origins the header can be unreadable. A proof then does no harm.
    const isAsked = status === 401 && (challenge === null || /\bDPoP\b/i.test(challenge));
    state.asks ||= isAsked;
    return isAsked;
  }
  if (nonce !== undefined && nonce !== proof.nonce) return true;
  const dateMs = Date.parse(headers.get('Date') ?? '');
  if (Number.isNaN(dateMs) || (challenge !== null && !challenge.includes('invalid_dpop_proof'))) return false;
  const offsetMs = dateMs - now();
  if (Math.abs(offsetMs - state.offsetMs) < CLOCK_STEP_MS) return false;
  state.offsetMs = offsetMs;
  return true;
}

/** Checks that the tokens of a token response are bound, so that a backend without DPoP does not go unnoticed. */
async function checkAnswer(response: Response, { secret }: ProofContext, key: ProofKey): Promise<Response> {
  if (secret !== null || !response.ok) return response;
  for (const token of tokensIn(await response.clone().text())) requireBound(token, key);
  return response;
}

function requireBound(token: string, { jkt }: ProofKey): void {
  const bound = boundKeyOf(token);
  // Only the origin knows what an opaque token is bound to.
  if (bound === 'opaque' || bound === jkt) return;
  throw new GatecastError('token-unbound', 'The token is not bound to the key of this page.', {
    hint: 'Set dpop on the token endpoint (createTokenHandler), or remove the attribute dpop.',
  });
}

function stateOf(origin: string): OriginState {
  let state = states.get(origin);
  if (!state) states.set(origin, (state = { asks: false, nonce: undefined, offsetMs: 0 }));
  return state;
}
