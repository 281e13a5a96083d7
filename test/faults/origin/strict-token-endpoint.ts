import { type KeySet, signClaims } from '@gatecast/server';
import { type Answer, type Bindings, answerDamaged, answerInstead } from './answer-fault.js';
import type { FaultSwitch, RequestFault } from './fault-switch.js';
import type { RequestRecord } from './request-record.js';
import { withCors } from './strict-origin.js';

export interface StrictTokenEndpointOptions {
  readonly keys: KeySet;
  readonly pageOrigin: string;
  readonly stream: string;
  readonly ttlSeconds: number;
  readonly faults: FaultSwitch;
  readonly now: () => number;
  readonly record: (request: RequestRecord) => void;
}

const json = { 'Content-Type': 'application/json' };

/** Token endpoint with the contract's response. It has no `jti`, so two tokens of one second are equal. */
export class StrictTokenEndpoint {
  readonly #options: StrictTokenEndpointOptions;
  #last: string | null = null;

  constructor(options: StrictTokenEndpointOptions) {
    this.#options = options;
  }

  async fetch(request: Request, env: Bindings): Promise<Response> {
    const { pageOrigin, faults, now, record } = this.#options;
    const answer: Answer = (body, init) => withCors(new Response(body, init), pageOrigin);
    if (request.method === 'OPTIONS') return answer(null, { status: 204 });
    record({ atMs: now(), kind: 'tokens' });
    if (request.headers.get('Origin') !== pageOrigin) return answer(null, { status: 403 });
    const does = faults.take({ target: 'tokens' });
    if (does?.kind === 'text') return answer(does.text, { headers: { 'Content-Type': 'text/plain' } });
    const bytes = new TextEncoder().encode(await this.#mint(does));
    if (!does || does.kind === 'same-token' || does.kind === 'not-before' || does.kind === 'expired')
      return answer(bytes, { headers: json });
    const plain: Answer = (body, init) => new Response(body, init);
    return (
      (await answerInstead(does, { answer, plain, env })) ??
      answerDamaged(does, { bytes, contentType: 'application/json', answer, env })
    );
  }

  async #mint(does: RequestFault['does'] | undefined): Promise<string> {
    if (does?.kind === 'same-token' && this.#last !== null) return this.#last;
    const { keys, stream, ttlSeconds, faults, now } = this.#options;
    const serverTime = Math.floor(now() / 1000) + faults.skewSeconds;
    const issuedAt = does?.kind === 'expired' ? serverTime - ttlSeconds - 60 : serverTime;
    const expiresAt = issuedAt + ttlSeconds;
    const notBefore = does?.kind === 'not-before' ? { nbf: serverTime + does.seconds } : {};
    const token = await signClaims(keys, {
      sub: stream,
      aud: 'v',
      iat: issuedAt,
      exp: expiresAt,
      ...notBefore,
    });
    this.#last = JSON.stringify({ tokens: [{ stream, token, expiresAt }], serverTime });
    return this.#last;
  }
}
