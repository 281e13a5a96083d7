import type { RenewalReason } from '@gatecast/token';
import type { BroadcastState } from '@gatecast/webcaster';

/** Lifetime of a token, by this page's clock. */
export interface TokenSpan {
  readonly stream: string;
  /** Index of the token among those of its stream, from 0. */
  readonly ordinal: number;
  readonly reason: RenewalReason;
  readonly startAtMs: number;
  /** `null` if the expiry is unknown. */
  readonly expiresAtMs: number | null;
  /** Time when the next token replaced it; `null` while it is in use. */
  replacedAtMs: number | null;
  /** An origin refused it before its expiry. */
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
  /** Identifies the request. A later mark with the same key replaces this one, for example with the status. */
  readonly key: string;
  readonly lane: RequestLane;
  readonly atMs: number;
  /** HTTP status; 0 while there is no response. */
  readonly status: number;
  readonly text: string;
}

export type PlaybackState = 'starting' | 'playing' | 'stalled' | 'paused' | 'failed';

/** A period in one state. */
export interface StateSpan<State> {
  readonly state: State;
  readonly startAtMs: number;
  /** `null` while it has not ended. */
  endAtMs: number | null;
}

export interface RenditionMark {
  readonly atMs: number;
  readonly label: string;
}

/** An error event of an element. */
export interface SeenError {
  readonly atMs: number;
  readonly code: string;
  /** Whether the error ended playback or the broadcast. */
  readonly isFatal: boolean;
}

/** Seconds of media in the buffer at one time. */
export interface BufferSample {
  readonly atMs: number;
  readonly aheadSeconds: number;
}

export type IncidentKind = 'fault' | 'cleared' | 'error' | 'verdict';

/** An event that the time axis draws as a line across all lanes. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly atMs: number;
  readonly text: string;
}

const defaultKeepMs = 20 * 60_000;
const mostSamples = 6_000;
const mostIncidents = 500;

/** Record of a session for the time axis. By default it keeps 20 minutes. Fires `change`. */
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
    // Keep the last one: it is the current rendition.
    this.renditions = this.renditions.filter(
      ({ atMs }, index, all) => atMs > oldestMs || index === all.length - 1,
    );
    for (const [key, { atMs }] of this.#requests) if (atMs <= oldestMs) this.#requests.delete(key);
    this.dispatchEvent(new Event('change'));
  }
}

/** Ends the last span and starts another. Returns `false` if the state is the same. */
function enterState<State>(spans: StateSpan<State>[], state: State, atMs: number): boolean {
  const last = spans.at(-1);
  if (last?.state === state) return false;
  if (last) last.endAtMs = atMs;
  spans.push({ state, startAtMs: atMs, endAtMs: null });
  return true;
}

/** Classifies an HTTP status. Status 0 is a request without a response. */
export function outcomeOf(status: number): RequestOutcome {
  if (status === 0) return 'unanswered';
  if (status === 401 || status === 403) return 'refused';
  return status >= 400 ? 'failed' : 'ok';
}
