import { Problem } from '@gatecast/server';
import * as v from 'valibot';
import type { MediaAddress } from '../http/media-address.js';
import { type FaultSettings, type Rejection, type TokenFaults, faultSchema } from './fault-schema.js';
import { mergePatch } from './merge-patch.js';

/** A refusal that a fault asks for. */
export interface InjectedFailure {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** What goes wrong on purpose, and for how many more requests. */
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

  /** Tokens of an earlier generation are refused: finer than `iat`, which counts whole seconds. */
  get tokenGeneration(): number {
    return this.#tokenGeneration;
  }

  /**
   * Merges further faults into those that are set; `null` removes one.
   *
   * @returns what is to be done once, and is not kept.
   * @throws Problem `request-invalid`, and then nothing has changed.
   */
  merge(patch: unknown): { kill?: string | true } {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
      throw new Problem('request-invalid', 'The body must be a JSON object.');
    }
    const result = v.safeParse(faultSchema, mergePatch(this.#settings, patch));
    if (!result.success) throw invalidFaults(result.issues[0]);
    const { expireNow, ingest, ...settings } = result.output;
    const { kill, ...keptIngest } = ingest ?? {};
    if (expireNow) this.#tokenGeneration += 1;
    this.#settings = ingest ? { ...settings, ingest: keptIngest } : settings;
    return kill === undefined ? {} : { kill };
  }

  clear(): void {
    this.#settings = {};
  }

  /** The failure that the next token request meets, if any. */
  takeTokenFailure(): InjectedFailure | undefined {
    const { fail = 0, status = 503, retryAfterSeconds } = this.tokens;
    if (fail <= 0) return undefined;
    this.#settings = { ...this.#settings, tokens: { ...this.tokens, fail: fail - 1 } };
    return { status, retryAfterSeconds };
  }

  /** The failure that a media request meets, if any. */
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

/** A refusal that says that it was made on purpose. */
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
