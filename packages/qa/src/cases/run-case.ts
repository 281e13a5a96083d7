import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import type { FaultDriver } from '../faults/fault-driver.js';
import { networkFaults, simulateOnline } from '../faults/network-switch.js';
import { simulateBackground } from '../faults/simulated-background.js';
import type { TimelineRecord } from '../record/timeline-record.js';
import type { CaseResult } from './case-result.js';
import { describeVerdict, judgeCase } from './judge-case.js';
import { type CaseAction, type QaCase, needsFaultApiWords } from './qa-case.js';
import { pause, waitUntil } from './wait-until.js';

export interface CaseContext {
  readonly player: Pick<SecurePlayer, 'paused' | 'play' | 'refreshToken' | 'tokenStates'> | null;
  readonly webcaster: Pick<SecureWebcaster, 'state' | 'startBroadcast'> | null;
  readonly record: TimelineRecord;
  readonly faults: FaultDriver;
  readonly signal: AbortSignal;
  /** Waits while a fault is active. @defaultValue a timer */
  readonly wait?: (durationMs: number) => Promise<void>;
  /** Called with the current step. */
  readonly onStep?: (words: string) => void;
}

const startTimeoutMs = 25_000;
/** Normal operation for this long counts as recovered. */
const calmMs = 3_000;
const recoverTimeoutMs = 25_000;
/** Three segments of 10 s. */
const refusedTimeoutMs = 30_000;
const lookEveryMs = 250;
const tooFewRequestsWords = `The player made too few media requests in ${refusedTimeoutMs / 1000} s that this test can refuse.`;

/** Injects the faults of a case, clears them, and judges the recovery. Clears all faults even if it fails. */
export async function runCase(qaCase: QaCase, context: CaseContext): Promise<CaseResult> {
  const { name, subject, title } = qaCase;
  const { record, faults, signal, onStep = () => undefined } = context;
  const skip = reasonToSkip(qaCase, context);
  if (skip !== null) return { name, outcome: 'skipped', words: skip };
  try {
    await faults.clear();
    if (faults.kind === 'backend') await faults.set({ 'tokens.ttlSeconds': qaCase.tokenLifeSeconds });
    onStep(subject === 'player' ? 'waiting for playback' : 'going live');
    if (!(await startSubject(qaCase, context))) {
      return {
        name,
        outcome: 'failed',
        words:
          subject === 'player'
            ? 'Playback did not start before the fault.'
            : 'The broadcast did not start before the fault.',
      };
    }
    const faultAtMs = Date.now();
    record.addIncident('fault', title, faultAtMs);
    onStep('fault active');
    if (!(await breakFor(qaCase, context))) return { name, outcome: 'skipped', words: tooFewRequestsWords };
    const clearedAtMs = Date.now();
    record.addIncident('cleared', `${title}: fault cleared`, clearedAtMs);
    onStep('waiting for recovery');
    await waitUntil(() => isCalm(qaCase, context, clearedAtMs), { timeoutMs: recoverTimeoutMs, signal });
    const { playback, broadcast, errors, tokens } = record;
    const verdict = judgeCase(qaCase, {
      faultAtMs,
      clearedAtMs,
      endedAtMs: Date.now(),
      playback,
      broadcast,
      errors,
      renewedAtMs: tokens.map(({ startAtMs }) => startAtMs),
      hasEnd: tokens.some(({ expiresAtMs }) => expiresAtMs !== null),
    });
    const words = describeVerdict(verdict);
    record.addIncident('verdict', `${title}: ${verdict.outcome}, ${words}`);
    return { name, outcome: verdict.outcome, words, verdict };
  } finally {
    if (qaCase.actions.some(({ kind }) => kind === 'offline')) simulateOnline(true);
    await faults.clear().catch(() => undefined);
  }
}

function reasonToSkip(
  { subject, needsFaultApi }: QaCase,
  { player, webcaster, faults }: CaseContext,
): string | null {
  if (subject === 'player' && !player) return 'The page has no <secure-player>.';
  if (subject === 'webcaster' && !webcaster) return 'The page has no <secure-webcaster>.';
  if (needsFaultApi && faults.kind !== 'backend') return needsFaultApiWords;
  return null;
}

async function startSubject(
  { subject }: QaCase,
  { player, webcaster, record, signal }: CaseContext,
): Promise<boolean> {
  const options = { timeoutMs: startTimeoutMs, signal };
  if (subject === 'webcaster') {
    // The element's error panel and the axis show a failure.
    if (webcaster?.state !== 'live') await webcaster?.startBroadcast().catch(() => undefined);
    return waitUntil(() => webcaster?.state === 'live', options);
  }
  if (player?.paused) await player.play().catch(() => undefined);
  if (!(await waitUntil(() => hasLasted(record.playback, 'playing', calmMs), options))) return false;
  // The next token has the lifetime that the case sets.
  await player?.refreshToken().catch(() => undefined);
  return true;
}

/** Resolves with `false` if the requests that the case refuses did not come. */
async function breakFor(
  { actions, holdMs, holdsUntilRefused = false }: QaCase,
  { faults, player, signal, wait = (durationMs) => pause(durationMs, signal) }: CaseContext,
): Promise<boolean> {
  const undo: (() => Promise<unknown>)[] = [];
  const streams = player?.tokenStates.map(({ stream }) => stream) ?? [];
  for (const action of actions) undo.push(await act(action, { faults, streams, holdMs, wait }));
  const isTimedByItself = actions.some(({ kind }) => kind === 'background');
  if (!isTimedByItself) await wait(holdMs);
  const isDone = !holdsUntilRefused || (await areAllRefused(faults, wait));
  for (const step of undo) await step();
  return isDone;
}

async function areAllRefused(
  faults: FaultDriver,
  wait: (durationMs: number) => Promise<void>,
): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const { media } = await faults.read();
    if ((media?.reject ?? []).every(({ count }) => count === 0)) return true;
    if (waitedMs >= refusedTimeoutMs) return false;
    await wait(lookEveryMs);
  }
}

interface ActOptions {
  readonly faults: FaultDriver;
  /** Of the player. */
  readonly streams: readonly string[];
  readonly holdMs: number;
  readonly wait: (durationMs: number) => Promise<void>;
}

/** Performs one action. Resolves with a function that reverts it. */
async function act(
  action: CaseAction,
  { faults, streams, holdMs, wait }: ActOptions,
): Promise<() => Promise<unknown>> {
  const clearOf = (paths: readonly string[]) => () =>
    faults.set(Object.fromEntries(paths.map((path) => [path, null])));
  switch (action.kind) {
    case 'faults':
      await faults.set(action.faults);
      return clearOf(Object.keys(action.faults));
    case 'trigger':
      await faults.set({ [action.path]: true });
      return nothingToDo;
    case 'offline':
      await faults.set(Object.fromEntries(networkFaults.map((path) => [path, true])));
      simulateOnline(false);
      return async () => {
        await clearOf(networkFaults)();
        simulateOnline(true);
      };
    case 'revoke':
      await faults.revoke?.(streams);
      return async () => faults.allow?.();
    case 'background':
      await simulateBackground({ driftMs: action.driftMs, heldMs: holdMs, wait });
      return nothingToDo;
  }
}

function isCalm({ subject }: QaCase, { record }: CaseContext, clearedAtMs: number): boolean {
  if (Date.now() - clearedAtMs < calmMs) return false;
  return subject === 'player'
    ? hasLasted(record.playback, 'playing', calmMs)
    : hasLasted(record.broadcast, 'live', calmMs);
}

function hasLasted(
  spans: TimelineRecord['playback'] | TimelineRecord['broadcast'],
  state: string,
  leastMs: number,
): boolean {
  const last = spans.at(-1);
  return last?.state === state && Date.now() - last.startAtMs >= leastMs;
}

const nothingToDo = async (): Promise<void> => undefined;
