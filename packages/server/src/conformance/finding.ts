import type { TokenPurpose } from '@gatecast/contract';

/** Result of one check. */
export interface Finding {
  /** `ok`: met. `missing`: a requirement of the contract is not met. `advice`: a recommendation is not met. */
  readonly level: 'ok' | 'missing' | 'advice';
  /** The requirement, as a statement. */
  readonly what: string;
  /** What was found instead, and what to change. Never contains a token. */
  readonly detail?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How checks talk to the endpoint. */
export interface Exchange {
  readonly streams: readonly string[];
  readonly purpose: TokenPurpose;
  readonly origin: string | undefined;
  /** Do the options contain headers that authenticate the caller? */
  readonly isSignedIn: boolean;
  readonly now: () => number;
  send(init: RequestInit): Promise<Answer>;
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  postSignedOut(body: unknown): Promise<Answer>;
}

export type Check = (exchange: Exchange) => Promise<Finding[]>;

/** A finding that is `ok` if the condition is met. */
export function due(
  isMet: boolean,
  what: string,
  detail: string,
  level: 'missing' | 'advice' = 'missing',
): Finding {
  return isMet ? { level: 'ok', what } : { level, what, detail };
}

/** JSON of an answer, or `undefined`. */
export function jsonOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
