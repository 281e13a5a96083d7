import { Problem } from '@gatecast/server';
import * as v from 'valibot';
import type { MediaAddress } from '../http/media-address.js';
import { type FaultSettings, type Rejection, type TokenFaults, faultSchema } from './fault-schema.js';
import { mergePatch } from '@gatecast/qa/internal/faults/merge-patch';

/** An error response that a fault causes. */
export interface InjectedFailure {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** Sessions to end now: of one stream, or all with `true`. */
export interface KillOrders {
  readonly ingest?: string | true | undefined;
  readonly whep?: string | true | undefined;
}

/** Holds the faults that are set, and counts down those that apply to a number of requests. */
export class Faults {
  #settings: FaultSettings = {};
  #tokenGeneration = 0;

  get settings(): FaultSettings {
    return this.#settings;
  }

  get tokens(): TokenFaults {
    return this.#settings.tokens ?? {};
  }

  get media(): NonNullable<FaultSettings['media']> {
    return this.#settings.media ?? {};
  }

  get clockSkewMs(): number {
    return (this.#settings.clockSkewSeconds ?? 0) * 1000;
  }

  get latencyMs(): number {
    return this.#settings.latencyMs ?? 0;
  }

  /** Tokens of an earlier generation are rejected. `iat` cannot serve for this: it has a resolution of one second. */
  get tokenGeneration(): number {
    return this.#tokenGeneration;
  }

  /**
   * Merges a JSON merge patch into the faults; `null` removes a fault.
   *
   * @returns Actions that the caller must run once. They are not stored.
   * @throws Problem `request-invalid` if the result is not valid. The faults are then unchanged.
   */
  merge(patch: unknown): KillOrders {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
      throw new Problem('request-invalid', 'The body must be a JSON object.');
    }
    const result = v.safeParse(faultSchema, mergePatch(this.#settings, patch));
    if (!result.success) throw invalidFaults(result.issues[0]);
    const { expireNow, ingest, whep, ...settings } = result.output;
    const { kill: killIngest, ...keptIngest } = ingest ?? {};
    const { kill: killWhep, ...keptWhep } = whep ?? {};
    if (expireNow) this.#tokenGeneration += 1;
    this.#settings = { ...settings, ...(ingest && { ingest: keptIngest }), ...(whep && { whep: keptWhep }) };
    return { ingest: killIngest, whep: killWhep };
  }

  clear(): void {
    this.#settings = {};
  }

  /** Returns the failure for the current token request, if a fault is set, and counts it. */
  takeTokenFailure(): InjectedFailure | undefined {
    const { fail = 0, status = 503, retryAfterSeconds } = this.tokens;
    if (fail <= 0) return undefined;
    this.#settings = { ...this.#settings, tokens: { ...this.tokens, fail: fail - 1 } };
    return { status, retryAfterSeconds };
  }

  /** Returns the failure for a media request, if a rule matches, and counts it. */
  takeRejection({ stream, kind }: MediaAddress): InjectedFailure | undefined {
    const rules = this.media.reject ?? [];
    const hit = rules.find(
      (rule) =>
        (rule.stream === '*' || rule.stream === stream) &&
        (rule.kind === 'any' || rule.kind === kind) &&
        rule.count !== 0,
    );
    if (!hit) return undefined;
    const { count, status, retryAfterSeconds } = hit;
    if (count !== undefined) {
      const used: Rejection = { ...hit, count: count - 1 };
      const reject = rules.map((rule) => (rule === hit ? used : rule));
      this.#settings = { ...this.#settings, media: { ...this.media, reject } };
    }
    return { status, retryAfterSeconds };
  }
}

/** Converts an injected failure to a problem. Its message shows that a fault caused it. */
export function toProblem({ status, retryAfterSeconds }: InjectedFailure): Problem {
  const code = status === 401 ? 'token-missing' : status < 500 ? 'token-revoked' : 'upstream-failed';
  return new Problem(code, 'Injected fault.', { status, retryAfterSeconds });
}

function invalidFaults(issue: v.BaseIssue<unknown>): Problem {
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  return new Problem('request-invalid', path === '' ? issue.message : `${path}: ${issue.message}`, {
    hint: 'demo/backend/README.md lists every fault.',
  });
}
