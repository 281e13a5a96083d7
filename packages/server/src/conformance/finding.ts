import type { TokenPurpose } from '@gatecast/contract';

/** One thing that was looked at. */
export interface Finding {
  /** `missing` breaks the contract, `advice` does not. */
  readonly level: 'ok' | 'missing' | 'advice';
  /** What is due, as a statement. */
  readonly what: string;
  /** What was found in its place, and what to change; never a token. */
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
  /** Were headers given that sign the caller in? */
  readonly isSignedIn: boolean;
  readonly now: () => number;
  send(init: RequestInit): Promise<Answer>;
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  postSignedOut(body: unknown): Promise<Answer>;
}

export type Check = (exchange: Exchange) => Promise<Finding[]>;

/** A finding by a condition. */
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
