import { streamNameOf } from '@gatecast/contract';
import {
  Authorizer,
  customSource,
  endpointSource,
  GatecastError,
  noSource,
  proveRequests,
  secretOf,
  sharedTokenManager,
  systemClock,
  type AuthorizerOptions,
  type Clock,
  type Placement,
  type TabEnvironment,
  type TokenManager,
  type TokenSource,
  type TokenStatus,
} from '@gatecast/token';
import { activeStreams } from './active-streams.js';
import { readOptions, type CheckedOptions } from './read-options.js';
import type { StreamRequest, TokenOptions } from './token-options.js';

/** What a page can do with the tokens of a player. */
export interface TokenControl {
  /** State of each stream's token that is in use, never a token. */
  readonly states: readonly TokenStatus[];
  /** Requests new tokens now. @throws GatecastError why there is none. */
  refresh(): Promise<void>;
  /** Adds no tokens from now on: requests are sent without. No timer and no listener is left. */
  release(): void;
}

/** The tokens of one player. */
export interface TokenSession extends TokenControl {
  readonly clock: Clock;
  /** For requests with a token, if it is not the page's own. */
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly placement: Placement;
  readonly release: () => void;
  /** Aborts when the session ends. */
  readonly signal: AbortSignal;
  /** Adds tokens to requests of the current source. */
  readonly authorizer: Authorizer;
  /** For an authorizer with another placement. */
  readonly tokens: AuthorizerOptions['tokens'];
  /** Names the address that the page has given the player: its origin may receive tokens. */
  open(source: string): void;
  /** The stream whose token a request needs, which is renewed ahead from now on until the end. */
  streamOf(request: StreamRequest): string;
  /** Renews no tokens until the next request: the player has unloaded its source. */
  rest(): void;
  /** Reports a failure that the token manager cannot detect: an origin refuses a new token. */
  report(stream: string, error: unknown): void;
}

/** What tests replace. */
export interface SessionContext {
  readonly clock?: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly random?: () => number;
  readonly tabEnvironment?: TabEnvironment;
}

/** @throws GatecastError `option-invalid`; TypeError for an address that cannot be read. */
export function openSession(options: TokenOptions, context: SessionContext = {}): TokenSession {
  const { token, stream: named, signal: end, onTokenRefreshed, onTokenFailed } = options;
  const { clock = systemClock, fetch } = context;
  const checked = readOptions(options);
  const { placement, origins, leadMs } = checked;
  const source = tokenSourceOf(options, checked, { ...context, clock });
  const manager = sharedTokenManager({ ...context, source, purpose: 'playback', clock });
  const tokens = tokensOf(manager, options, checked);
  const newAuthorizer = (): Authorizer =>
    new Authorizer({
      tokens,
      placement,
      origins: signal.aborted ? [] : opened ? [opened, ...origins] : origins,
    });
  const active = activeStreams(manager, clock, {
    leadMs,
    onEvent(event) {
      if (event.type === 'refreshed') onTokenRefreshed?.(event);
      else if (event.type === 'failed') onTokenFailed?.(event);
    },
  });
  const life = new AbortController();
  const { signal } = life;
  let opened = '';
  let authorizer = newAuthorizer();

  /** The page's own fault does not end the request. */
  const fail = (stream: string, error: GatecastError): void => {
    queueMicrotask(() => onTokenFailed?.({ stream, error, willRetryInMs: null }));
  };
  const use = (stream: string): void => {
    if (signal.aborted || !active.use(stream) || !token || manager.peek(stream)) return;
    try {
      manager.seed(stream, token);
    } catch (error) {
      // Another one is requested.
      fail(stream, error as GatecastError);
    }
  };
  const release = (): void => {
    active.release();
    life.abort();
    authorizer = newAuthorizer();
  };
  if (end?.aborted) release();
  end?.addEventListener('abort', release, { signal });

  return {
    ...{ clock, fetch, placement, signal, release, tokens, rest: active.release },
    get authorizer() {
      return authorizer;
    },
    get states() {
      return active.names().map((stream) => manager.status(stream));
    },
    open(address) {
      if (address === opened) return;
      opened = address;
      authorizer = newAuthorizer();
    },
    streamOf(request) {
      const stream =
        typeof named === 'function'
          ? named(request)
          : (named ?? streamNameOf(opened || request.playlist).replace(/\.mpd$/i, ''));
      use(stream);
      return stream;
    },
    async refresh() {
      await Promise.all(active.names().map((stream) => manager.refresh(stream)));
    },
    report(stream, error) {
      if (error instanceof GatecastError && error.code === 'token-rejected') fail(stream, error);
    },
  };
}

function tokensOf(
  manager: TokenManager,
  { dpop, tokenSource }: TokenOptions,
  { tokenUrl }: CheckedOptions,
): AuthorizerOptions['tokens'] {
  const endpoint = (tokenSource ? null : tokenUrl) ?? '';
  const now = () => manager.serverClock.now();
  return {
    get: manager.get.bind(manager),
    peek: manager.peek.bind(manager),
    rejected: manager.rejected.bind(manager),
    renew: manager.renew.bind(manager),
    accepted: manager.accepted.bind(manager),
    adopt: manager.adopt.bind(manager),
    end: manager.end.bind(manager),
    now,
    prove: (value) => (dpop ? proveRequests({ endpoint, secret: secretOf(value), now }) : undefined),
  };
}

function tokenSourceOf(
  { tokenSource, credentials, dpop, session }: TokenOptions,
  { tokenUrl: url }: CheckedOptions,
  { fetch, ...given }: SessionContext,
): TokenSource {
  const context = { ...given, dpop, session };
  if (tokenSource) return customSource(tokenSource, context);
  if (url === null) return noSource();
  return endpointSource({
    ...context,
    url,
    ...(credentials && { credentials }),
    ...(fetch && { fetch }),
  });
}
