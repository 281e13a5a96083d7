import type { RefreshReason } from '@gatecast/token';
import type { BroadcastState } from '@gatecast/webcaster';

/** One token's life, by this page's clock. */
export interface TokenSpan {
  readonly stream: string;
  /** Counts the stream's tokens from 0. */
  readonly ordinal: number;
  readonly reason: RefreshReason;
  readonly startAtMs: number;
  /** `null` when its end is unknown. */
  readonly expiresAtMs: number | null;
  /** When the next token took over. */
  replacedAtMs: number | null;
  /** Refused before its end by an origin. */
  isRefused: boolean;
}

/** A token request that failed. */
export interface TokenFailure {
  readonly stream: string;
  readonly atMs: number;
  readonly message: string;
}

export type RequestLane = 'tokens' | 'playlists' | 'media' | 'ingest';
export type RequestOutcome = 'ok' | 'refused' | 'failed' | 'unanswered';

export interface RequestMark {
  /** The same request again, with its answer, replaces the mark. */
  readonly key: string;
  readonly lane: RequestLane;
  readonly atMs: number;
  /** 0 while there is no answer. */
  readonly status: number;
  readonly text: string;
}

export type PlaybackState = 'starting' | 'playing' | 'stalled' | 'paused' | 'failed';

/** A time in which something was in one state. */
export interface StateSpan<State> {
  readonly state: State;
  readonly startAtMs: number;
  /** `null` while it lasts. */
  endAtMs: number | null;
}

export interface RenditionMark {
  readonly atMs: number;
  readonly label: string;
}

/** An error that an element reported. */
export interface SeenError {
  readonly atMs: number;
  readonly code: string;
  /** Has the element given up? */
  readonly isFatal: boolean;
}

/** How much media was buffered at an instant. */
export interface BufferSample {
  readonly atMs: number;
  readonly aheadSeconds: number;
}

export type IncidentKind = 'fault' | 'cleared' | 'error' | 'verdict';

/** An event that is drawn as a line across all lanes of the time axis. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly atMs: number;
  readonly text: string;
}

const defaultKeepMs = 20 * 60_000;
const mostSamples = 6_000;
const mostIncidents = 500;

/** What happened on a page, as the time axis draws it. Fires `change`. */
export class TimelineRecord extends EventTarget {
  tokens: TokenSpan[] = [];
  tokenFailures: TokenFailure[] = [];
  playback: StateSpan<PlaybackState>[] = [];
  broadcast: StateSpan<BroadcastState>[] = [];
  renditions: RenditionMark[] = [];
  buffer: BufferSample[] = [];
  incidents: Incident[] = [];
  errors: SeenError[] = [];
  readonly #requests = new Map<string, RequestMark>();
  readonly #keepMs: number;

  constructor({ keepMs = defaultKeepMs }: { keepMs?: number } = {}) {
    super();
    this.#keepMs = keepMs;
  }

  get requests(): RequestMark[] {
    return [...this.#requests.values()];
  }

  addToken(token: Omit<TokenSpan, 'ordinal' | 'replacedAtMs' | 'isRefused'>): void {
    const before = this.tokens.findLast(({ stream }) => stream === token.stream);
    if (before) {
      before.replacedAtMs = token.startAtMs;
      before.isRefused = token.reason === 'rejected';
    }
    const ordinal = before ? before.ordinal + 1 : 0;
    this.tokens.push({ ...token, ordinal, replacedAtMs: null, isRefused: false });
    this.#changed(token.startAtMs);
  }

  addTokenFailure(failure: TokenFailure): void {
    this.tokenFailures.push(failure);
    this.#changed(failure.atMs);
  }

  addRequests(marks: readonly RequestMark[]): void {
    if (marks.length === 0) return;
    for (const mark of marks) this.#requests.set(mark.key, mark);
    this.#changed(Math.max(...marks.map(({ atMs }) => atMs)));
  }

  setPlayback(state: PlaybackState, atMs: number): void {
    if (enterState(this.playback, state, atMs)) this.#changed(atMs);
  }

  setBroadcast(state: BroadcastState, atMs: number): void {
    if (enterState(this.broadcast, state, atMs)) this.#changed(atMs);
  }

  addRendition(label: string, atMs: number): void {
    if (this.renditions.at(-1)?.label === label) return;
    this.renditions.push({ label, atMs });
    this.#changed(atMs);
  }

  addBuffer(sample: BufferSample): void {
    this.buffer = [...this.buffer.slice(-mostSamples), sample];
    this.dispatchEvent(new Event('change'));
  }

  addIncident(kind: IncidentKind, text: string, atMs = Date.now()): void {
    this.incidents = [...this.incidents.slice(-mostIncidents), { kind, text, atMs }];
    this.dispatchEvent(new Event('change'));
  }

  addError(error: SeenError, text: string): void {
    this.errors = [...this.errors.slice(-mostIncidents), error];
    this.addIncident('error', text, error.atMs);
  }

  #changed(nowMs: number): void {
    const oldestMs = nowMs - this.#keepMs;
    this.tokens = this.tokens.filter((span) => (span.replacedAtMs ?? Infinity) > oldestMs);
    this.tokenFailures = this.tokenFailures.filter(({ atMs }) => atMs > oldestMs);
    this.playback = this.playback.filter((span) => (span.endAtMs ?? Infinity) > oldestMs);
    this.broadcast = this.broadcast.filter((span) => (span.endAtMs ?? Infinity) > oldestMs);
    // The last one still names what plays.
    this.renditions = this.renditions.filter(
      ({ atMs }, index, all) => atMs > oldestMs || index === all.length - 1,
    );
    for (const [key, { atMs }] of this.#requests) if (atMs <= oldestMs) this.#requests.delete(key);
    this.dispatchEvent(new Event('change'));
  }
}

/** Ends the last span and begins another, unless the state is the same. */
function enterState<State>(spans: StateSpan<State>[], state: State, atMs: number): boolean {
  const last = spans.at(-1);
  if (last?.state === state) return false;
  if (last) last.endAtMs = atMs;
  spans.push({ state, startAtMs: atMs, endAtMs: null });
  return true;
}

/** An answer as people sort it; one that is long in coming counts as none. */
export function outcomeOf(status: number): RequestOutcome {
  if (status === 0) return 'unanswered';
  if (status === 401 || status === 403) return 'refused';
  return status >= 400 ? 'failed' : 'ok';
}
