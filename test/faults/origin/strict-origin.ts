import {
  type KeySet,
  Problem,
  type TokenVerifier,
  createTokenVerifier,
  readRequestToken,
} from '@gatecast/server';
import { type MediaAddress, readMediaAddress } from '../../../demo/backend/http/media-address.js';
import { type Answer, type Bindings, answerDamaged, answerInstead } from './answer-fault.js';
import type { FaultSwitch, RequestSubject } from './fault-switch.js';
import type { RequestRecord } from './request-record.js';
import type { StreamContent } from './stream-content.js';

export interface StrictOriginOptions {
  readonly keys: KeySet;
  /** The only origin whose pages may play. */
  readonly pageOrigin: string;
  readonly content: StreamContent;
  readonly faults: FaultSwitch;
  readonly now: () => number;
  readonly record: (request: RequestRecord) => void;
}

/**
 * Media origin that checks the signature, times and stream of every request's token, and the page's origin. It answers as
 * the faults of the moment say.
 */
export class StrictOrigin {
  readonly #options: StrictOriginOptions;
  readonly #verifier: TokenVerifier;

  constructor(options: StrictOriginOptions) {
    const { keys, faults, now } = options;
    this.#options = options;
    this.#verifier = createTokenVerifier({
      keys,
      now: () => now() + faults.skewSeconds * 1000,
      isRevoked: ({ iat = 0 }) => iat * 1000 < faults.revokedBeforeMs - 1000,
    });
  }

  async fetch(request: Request, env: Bindings): Promise<Response> {
    const { pageOrigin, faults, now, record } = this.#options;
    const answer: Answer = (body, init) => withCors(new Response(body, init), pageOrigin);
    if (request.method === 'OPTIONS') return answer(null, { status: 204 });
    record({ atMs: now(), kind: 'media' });
    const { pathname } = new URL(request.url);
    const address = readMediaAddress(pathname.replace('/live/', ''));
    if (!address) return answer('Unknown address.', { status: 404 });
    const fault = faults.take(this.#subjectOf(address));
    // A fault of media never changes tokens.
    const does = fault && !isTokenFault(fault) ? fault : undefined;
    const plain: Answer = (body, init) => new Response(body, init);
    const instead = does && answerInstead(does, { answer, plain, env });
    if (instead) return instead;
    const refusal = await this.#refuse(request, address);
    if (refusal) return answer(refusal.message, { status: refusal.status });
    const resource = this.#options.content.find(address);
    if (!resource) return answer('Not here.', { status: 404 });
    const { body, contentType } = resource;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return does
      ? answerDamaged(does, { bytes, contentType, answer, env })
      : answer(bytes, { headers: { 'Content-Type': contentType } });
  }

  async #refuse(request: Request, { stream }: MediaAddress): Promise<Problem | undefined> {
    const origin = request.headers.get('Origin');
    if (origin !== null && origin !== this.#options.pageOrigin)
      return new Problem('token-missing', 'Pages of this origin may not play.', { status: 403 });
    try {
      await this.#verifier.verify(readRequestToken(request), { stream, request });
      return undefined;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  #subjectOf(address: MediaAddress): RequestSubject {
    if (this.#options.content.isMultivariant(address)) return { target: 'multivariant' };
    const [rendition] = address.resource.split(/[./]/);
    return { target: address.kind, rendition };
  }
}

function isTokenFault<Kind extends { readonly kind: string }>(
  fault: Kind,
): fault is Extract<Kind, { kind: 'same-token' | 'text' | 'not-before' | 'expired' }> {
  return ['same-token', 'text', 'not-before', 'expired'].includes(fault.kind);
}

export function withCors(response: Response, pageOrigin: string): Response {
  const { headers } = response;
  headers.set('Access-Control-Allow-Origin', pageOrigin);
  headers.set('Access-Control-Allow-Methods', 'GET, HEAD, POST');
  headers.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, Range, DPoP');
  headers.set('Access-Control-Expose-Headers', 'Retry-After, Date, Content-Length');
  headers.set('Cache-Control', 'no-store');
  return response;
}
