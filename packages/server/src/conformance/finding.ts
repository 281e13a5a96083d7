import type { TokenPurpose } from '@gatecast/contract';

/** Result of one check. */
export interface Finding {
  /** `ok`: met. `missing`: a required point is not met. `advice`: a point of advice is not met. */
  readonly level: 'ok' | 'missing' | 'advice';
  /**
   * Do the elements need this point to get and renew tokens? Points that the options ask for are required, too: access for
   * `origin`, and no tokens without the credentials in `headers`. All other points are advice.
   */
  readonly required: boolean;
  /** The point, as a statement. */
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

/** A point that the elements need. */
export function required(isMet: boolean, what: string, detail: string): Finding {
  return isMet ? { level: 'ok', required: true, what } : { level: 'missing', required: true, what, detail };
}

/** A point without which the elements work. */
export function advice(isMet: boolean, what: string, detail: string): Finding {
  return isMet ? { level: 'ok', required: false, what } : { level: 'advice', required: false, what, detail };
}

/** JSON of a response, or `undefined`. */
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
