import type { Clock, GatecastError } from '@gatecast/token';

/** Tokens for the requests of a session. Each call gives a token that is valid now, so a session never keeps one. */
export interface SessionTokens {
  /** An address from a response of the server, without tokens in it, to be kept for later requests. */
  withoutTokens(url: string): string;
  /** May a request to this URL carry the token? */
  isAllowedOrigin(url: string): boolean;
  /**
   * Resolves when there is a token for a request to this URL. The wait is limited as for other requests, and fails as they do.
   *
   * @throws GatecastError why there is none; or the signal's reason.
   */
  ready(url: string, signal: AbortSignal): Promise<unknown>;
  /** Keeps the tokens until this work is done, also if the owner of the session ends before. */
  keepUntil(work: Promise<unknown>): void;
  /** `fetch` with the token added. A refused request is repeated once with a fresh token. */
  fetch(url: string, init: RequestInit, fetch?: typeof globalThis.fetch): Promise<Response>;
}

/**
 * What is wrong with a media connection: it was not established, or not in time; it is lost; the server ended it; the server
 * has no ICE restarts, or refused this one.
 */
export type ConnectionFault = 'failed' | 'slow' | 'lost' | 'ended' | 'no-restart' | 'restart-refused';

/** The errors of one protocol, in the words of its element. */
export interface SessionErrors {
  /** The server refused the offer. */
  refused(response: Pick<Response, 'status' | 'headers'>): GatecastError;
  unreachable(cause: unknown): GatecastError;
  /** The server did not respond to the offer within this time. */
  tooSlow(limitMs: number): GatecastError;
  redirectRefused(): GatecastError;
  /** @param fault - what is wrong with the response. */
  invalidResponse(fault: string): GatecastError;
  /** @param detail - the time limit in seconds for `slow`, the HTTP status for `restart-refused`. */
  connection(fault: ConnectionFault, detail?: number): GatecastError;
  /** The browser refuses the page’s own STUN and TURN servers. */
  iceServersRefused(cause: unknown): GatecastError;
}

/** What a session gets from its element. */
export interface SessionContext {
  readonly tokens: SessionTokens;
  readonly clock: Clock;
  readonly errors: SessionErrors;
  /** Adds an entry to the element’s diagnostics. */
  readonly log: (type: string, details?: Record<string, unknown>) => void;
  /** Prefix of the entries, such as `whip`. */
  readonly protocol: string;
}
