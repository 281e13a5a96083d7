import {
  delay,
  EventParser,
  GatecastError,
  readRetryAfterMs,
  readText,
  retryDelayMs,
  startDeadline,
  type Clock,
} from '@gatecast/token';
import type { SessionTokens } from '@gatecast/webrtc';
import {
  NOT_RECEIVING,
  SESSION_ENDED,
  UNREACHABLE,
  wordOfEvent,
  wordOfStatus,
  type ServerWord,
} from './server-word.js';

export interface WatchServerOptions {
  readonly tokens: Pick<SessionTokens, 'fetch' | 'isAllowedOrigin' | 'withoutTokens'>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onWord: (word: ServerWord) => void;
  /** Is there another source? Then one that has never worked is given up after some attempts. @defaultValue false */
  readonly hasFallback?: boolean;
  /**
   * Does the server say that it has no such session? Asked when events that have worked are gone: the word about the session
   * is the session's own. @defaultValue the server cannot be asked, so the session counts as present
   */
  readonly isSessionGone?: () => Promise<boolean>;
  /** Requests without a token. */
  readonly fetch?: typeof globalThis.fetch;
}

const REQUEST_LIMIT_MS = 10_000;
/** Servers send a comment every 15 s or so; after this silence the connection is taken for dead. */
const SILENCE_LIMIT_MS = 45_000;
const POLL_MS = 5000;
const STATUS_LIMIT_BYTES = 64 * 1024;
/** One lost request says nothing about the broadcast. */
const FAILURES_BEFORE_UNKNOWN = 2;
/** Then the address counts as useless: it has never worked, or is gone. */
const FAILURES_BEFORE_USELESS = 3;
/** A server may name any number. */
const LONGEST_RETRY_AFTER_MS = 600_000;
/** A server that responds to a subscription begins with the present state. */
const FIRST_WORD_LIMIT_MS = 10_000;
/** A connection that ends sooner makes the next wait longer. */
const SHORT_CONNECTION_MS = 5000;

/** How a request for the server's word ended. */
interface Outcome {
  readonly how: 'alive' | 'gone' | 'refused' | 'failed';
  /** Milliseconds that the server wants to pass before the next request. */
  readonly retryAfterMs?: number | undefined;
}

const ALIVE: Outcome = { how: 'alive' };
const FAILED: Outcome = { how: 'failed' };

/**
 * Why a watch is over. `session-ended`: in the server's word. `useless`: the address does not exist or refuses the token; that
 * may change with the next token. `stopped`: the signal aborted.
 */
export type WatchEnd = 'session-ended' | 'useless' | 'stopped';

/**
 * Follows the events of a session until the signal aborts, or the server has ended the session.
 *
 * As in WHEP's extension, a POST with the wanted types creates the subscription, and its `Location` has the events. A
 * server that knows no POST there has the events at the address itself.
 */
export function watchEvents(url: string, options: WatchServerOptions): Promise<WatchEnd> {
  return untilOver(options, 0, (onAlive) => followEvents(url, options, onAlive));
}

/** Asks `status-url` every 5 s until the signal aborts. */
export function watchStatus(url: string, options: WatchServerOptions): Promise<WatchEnd> {
  const history = { hasWorked: false };
  return untilOver(options, POLL_MS, () => askStatus(url, options, history));
}

/** Repeats a request: at once or after a pause while it works, with backoff after a failure. */
async function untilOver(
  { clock, random, signal, onWord, hasFallback = false, isSessionGone }: WatchServerOptions,
  pauseMs: number,
  request: (onAlive: () => void) => Promise<Outcome>,
): Promise<WatchEnd> {
  const history = { failures: 0, hasWorked: false, inARow: 0 };
  const onAlive = (): void => {
    history.failures = 0;
    history.hasWorked = true;
  };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const startedMs = clock.now();
    const { how, retryAfterMs = 0 } = await request(onAlive).catch(outcomeOfError);
    if (isOver()) break;
    // Another node of the server may not know the events of a session that is well.
    if (how === 'gone' && history.hasWorked) {
      const hasEnded = await isSessionGone?.().catch(() => false);
      if (isOver()) break;
      if (hasEnded) {
        onWord(SESSION_ENDED);
        return 'session-ended';
      }
    }
    history.failures = how === 'alive' ? 0 : history.failures + 1;
    // An address that was never there is a mistake of the server; the session may be well.
    const isUseless =
      how === 'refused' ||
      (how === 'gone' && !history.hasWorked) ||
      (history.failures >= FAILURES_BEFORE_USELESS &&
        (how === 'gone' || (hasFallback && !history.hasWorked)));
    // Said once.
    const isUnknown = history.failures === FAILURES_BEFORE_UNKNOWN;
    if (isUnknown || (isUseless && history.failures < FAILURES_BEFORE_UNKNOWN)) onWord(UNREACHABLE);
    if (isUseless) return 'useless';
    // A server that ends its events at once must not get the next request at once.
    const isShort = clock.now() - startedMs < SHORT_CONNECTION_MS;
    history.inARow = isShort || how !== 'alive' ? history.inARow + 1 : 0;
    const attempt = Math.max(1, history.inARow);
    const waitMs =
      how === 'alive' && pauseMs > 0
        ? pauseMs * (0.9 + random() * 0.2)
        : retryDelayMs({ attempt, random: random(), service: attempt > 3 ? 'backend' : 'origin' });
    await delay(clock, Math.max(waitMs, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)), signal).catch(
      () => undefined,
    );
  }
  return 'stopped';
}

async function followEvents(url: string, options: WatchServerOptions, onAlive: () => void): Promise<Outcome> {
  const { clock, signal } = options;
  const deadline = startDeadline(clock, REQUEST_LIMIT_MS, signal);
  try {
    // A subscription may have expired, or be known to another node only: that says nothing about the session.
    for (let tries = 1; ; tries += 1) {
      const events = await subscribe(url, options, deadline.signal);
      const response = await request(
        events,
        { headers: { Accept: 'text/event-stream' } },
        options,
        deadline.signal,
      );
      if (response.ok && response.body && isEventStream(response)) {
        return await readEvents(response.body, options, onAlive, deadline);
      }
      await response.body?.cancel();
      const outcome = response.ok ? FAILED : outcomeOf(response);
      if (outcome.how !== 'gone' || events === url) return outcome;
      if (tries === 2) return FAILED;
    }
  } finally {
    deadline.end();
  }
}

/** Reads until the server ends the events. Only a word of the server shows that they work. */
async function readEvents(
  body: ReadableStream<Uint8Array>,
  { clock, onWord, signal }: WatchServerOptions,
  onAlive: () => void,
  deadline: ReturnType<typeof startDeadline>,
): Promise<Outcome> {
  const heard = new AbortController();
  const parser = new EventParser(
    (event) => {
      const word = wordOfEvent(event);
      if (!word || signal.aborted) return;
      heard.abort();
      onAlive();
      onWord(word);
    },
    () => undefined,
  );
  // Not `AbortSignal.any`, which Safari has since 17.4.
  const waiting = new AbortController();
  for (const each of [heard.signal, deadline.signal])
    each.addEventListener('abort', () => waiting.abort(), { once: true });
  delay(clock, FIRST_WORD_LIMIT_MS, waiting.signal)
    .then(() => onWord(UNREACHABLE))
    // The server has said something, or the connection has ended.
    .catch(() => undefined);
  const reader = body.getReader();
  for (;;) {
    deadline.restart(SILENCE_LIMIT_MS);
    const { done, value } = await reader.read();
    if (done) {
      const outcome = heard.signal.aborted ? ALIVE : FAILED;
      heard.abort();
      return outcome;
    }
    parser.push(value);
  }
}

function isEventStream(response: Response): boolean {
  return /^text\/event-stream\s*(?:;|$)/i.test(response.headers.get('Content-Type') ?? '');
}

/** The address of the events. */
async function subscribe(url: string, options: WatchServerOptions, signal: AbortSignal): Promise<string> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(['active', 'inactive']),
  };
  const response = await request(url, init, options, signal);
  await response.body?.cancel();
  const location = response.status === 201 ? response.headers.get('Location') : null;
  if (location === null || !URL.canParse(location, url)) return url;
  return options.tokens.withoutTokens(new URL(location, url).href);
}

async function askStatus(
  url: string,
  options: WatchServerOptions,
  history: { hasWorked: boolean },
): Promise<Outcome> {
  const { clock, signal, onWord } = options;
  const deadline = startDeadline(clock, REQUEST_LIMIT_MS, signal);
  try {
    const response = await request(
      url,
      { headers: { Accept: 'application/json' } },
      options,
      deadline.signal,
    );
    if (!response.ok) {
      await response.body?.cancel();
      const outcome = outcomeOf(response);
      if (outcome.how !== 'gone') return outcome;
      // The address may be wrong, or the server may not know the stream yet.
      if (!history.hasWorked) return FAILED;
      // The server knows the stream again when it is on air again.
      onWord(NOT_RECEIVING);
      return ALIVE;
    }
    const text = await readText(response, {
      limitBytes: STATUS_LIMIT_BYTES,
      tooLarge: () =>
        new GatecastError('ingest-response-invalid', 'The response of status-url has more than 64 KiB.', {
          hint: 'Respond with JSON such as { "onAir": true }.',
        }),
    });
    const word = wordOfStatus(text);
    if (!word) return FAILED;
    history.hasWorked = true;
    if (!signal.aborted) onWord(word);
    return ALIVE;
  } finally {
    deadline.end();
  }
}

/** Only an allowed origin gets the token. */
function request(
  url: string,
  init: RequestInit,
  { tokens, fetch = globalThis.fetch.bind(globalThis) }: WatchServerOptions,
  signal: AbortSignal,
): Promise<Response> {
  const all: RequestInit = { ...init, cache: 'no-store', signal };
  return tokens.isAllowedOrigin(url) ? tokens.fetch(url, all) : fetch(url, all);
}

function outcomeOf({ status, headers }: Response): Outcome {
  if (status === 404 || status === 410) return { how: 'gone' };
  if (isRefusal(status)) return { how: 'refused' };
  return { how: 'failed', retryAfterMs: readRetryAfterMs(headers) };
}

/** A token that was refused stays refused until there is another one. */
function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof GatecastError)) return FAILED;
  const isRefused = error.code === 'token-rejected' || isRefusal(error.status);
  return { how: isRefused ? 'refused' : 'failed', retryAfterMs: error.retryAfterMs };
}

function isRefusal(status: number | undefined): boolean {
  return status === 401 || status === 403;
}
