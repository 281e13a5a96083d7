import { RequestBudget } from '@gatecast/token/internal/failure/request-budget';
import { retryDelayMs, type RetryAttempt } from '@gatecast/token';
import { refreshAtMs } from '@gatecast/token/internal/manager/refresh-schedule';
import { randomFrom } from './random-from.js';

export interface OutageOptions {
  /** @defaultValue 1,000,000 */
  readonly viewers?: number;
  /** Lifetime of a token, in seconds. @defaultValue 300 */
  readonly tokenSeconds?: number;
  /** @defaultValue 60 */
  readonly outageSeconds?: number;
  /** Time until a request fails, in milliseconds: a backend that hangs is left after ten seconds. @defaultValue 20 */
  readonly failsAfterMs?: number;
  /** What the backend sends with each refusal, in seconds. @defaultValue nothing */
  readonly retryAfterSeconds?: number;
  /** @defaultValue that of the token client */
  readonly delayMs?: (attempt: RetryAttempt) => number;
  /** Seed of the random numbers, so that a run can be repeated. @defaultValue 1 */
  readonly seed?: number;
}

export interface OutageFigures {
  /** Requests a second before the outage. */
  readonly steadyMean: number;
  /** Most requests in one second of the outage, and in one second after it. */
  readonly peakDuring: number;
  readonly peakAfter: number;
  /** Most requests of one viewer in any minute. */
  readonly mostPerViewer: number;
  /** Viewers whose token ended before they had another. */
  readonly withoutToken: number;
  /** Seconds after the end of the outage until half, 95 % and all of those had a token again; 0 without such viewers. */
  readonly back: readonly [half: number, most: number, all: number];
}

/** The tokens of all viewers are at different ages when the outage begins. */
const LEAD_MS = 60_000;
/** After the outage: longer than any wait. */
const AFTERMATH_MS = 120_000;

/**
 * Simulates the token requests of a crowd in an outage of the backend, with the players' own schedule, waits and budget.
 * Each viewer has one stream. Successful requests are answered at once.
 */
export function simulateOutage(options: OutageOptions = {}): OutageFigures {
  const {
    viewers = 1_000_000,
    tokenSeconds = 300,
    outageSeconds = 60,
    failsAfterMs = 20,
    retryAfterSeconds,
    delayMs = retryDelayMs,
  } = options;
  const random = randomFrom(options.seed ?? 1);
  const lifeMs = tokenSeconds * 1000;
  const startMs = lifeMs;
  const endMs = startMs + outageSeconds * 1000;
  const stopMs = endMs + AFTERMATH_MS;
  const perSecond = new Array<number>(Math.ceil(stopMs / 1000)).fill(0);
  const backMs: number[] = [];
  let mostPerViewer = 0;
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    const budget = new RequestBudget();
    let expiresAtMs = random() * lifeMs;
    // Its last token came before the simulation began, so all viewers are spread already.
    let atMs = expiresAtMs * random();
    let failures = 0;
    const failedAtMs: number[] = [];
    while (atMs < stopMs) {
      const waitMs = failures > 0 ? budget.waitMs(atMs) : 0;
      if (waitMs > 0) {
        atMs += waitMs;
        continue;
      }
      perSecond[Math.floor(atMs / 1000)] = (perSecond[Math.floor(atMs / 1000)] ?? 0) + 1;
      budget.spend(atMs);
      if (atMs < startMs || atMs >= endMs) {
        if (failures > 0 && atMs >= endMs && expiresAtMs <= atMs) backMs.push(atMs - endMs);
        failures = 0;
        budget.reset();
        const receivedAtMs = atMs;
        expiresAtMs = Math.floor((receivedAtMs + lifeMs) / 1000) * 1000;
        atMs = refreshAtMs({ receivedAtMs, expiresAtMs, leadMs: LEAD_MS, isSteady: true, random: random() });
        continue;
      }
      failedAtMs.push(atMs);
      failures += 1;
      atMs += failsAfterMs;
      atMs += delayMs({
        attempt: failures,
        random: random(),
        remainingLifeMs: expiresAtMs - atMs,
        retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000,
      });
    }
    mostPerViewer = Math.max(mostPerViewer, mostInAMinute(failedAtMs));
  }
  const [start, end] = [startMs / 1000, endMs / 1000];
  const steady = perSecond.slice(Math.floor(start / 2), start);
  backMs.sort((a, b) => a - b);
  const quantile = (part: number): number =>
    Number(((backMs[Math.ceil(part * backMs.length) - 1] ?? 0) / 1000).toFixed(1));
  return {
    steadyMean: Math.round(steady.reduce((sum, count) => sum + count, 0) / steady.length),
    peakDuring: Math.max(...perSecond.slice(start, end)),
    peakAfter: Math.max(...perSecond.slice(end)),
    mostPerViewer,
    withoutToken: backMs.length,
    back: [quantile(0.5), quantile(0.95), quantile(1)],
  };
}

function mostInAMinute(timesMs: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < timesMs.length; last += 1) {
    while ((timesMs[last] ?? 0) - (timesMs[first] ?? 0) >= 60_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
