import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import type { FaultDriver } from '../../shared/faults/fault-driver.js';
import { networkFaults, simulateOnline } from '../../shared/faults/network-switch.js';
import { simulateBackground } from '../faults/simulated-background.js';
import type { TimelineRecord } from '../../shared/record/timeline-record.js';
import { type Verdict, describeVerdict, judgeCase } from './judge-case.js';
import type { CaseAction, QaCase } from './qa-case.js';
import { pause, waitUntil } from './wait-until.js';

export interface CaseContext {
  readonly player: SecurePlayer | null;
  readonly webcaster: SecureWebcaster | null;
  readonly record: TimelineRecord;
  readonly faults: FaultDriver;
  readonly signal: AbortSignal;
  /** Called with what is done at present. */
  readonly onStep?: (words: string) => void;
}

/** What came of a case. */
export type CaseResult =
  | { readonly name: string; readonly outcome: 'skipped'; readonly words: string }
  | { readonly name: string; readonly outcome: 'failed'; readonly words: string }
  | {
      readonly name: string;
      readonly outcome: Verdict['outcome'];
      readonly words: string;
      readonly verdict: Verdict;
    };

const startTimeoutMs = 25_000;
/** It has to go well for this long to count as recovered. */
const calmMs = 3_000;
const recoverTimeoutMs = 25_000;

/** Breaks things as a case says, mends them, and says how it went; faults are cleared in any event. */
export async function runCase(qaCase: QaCase, context: CaseContext): Promise<CaseResult> {
  const { name, subject, title } = qaCase;
  const { record, faults, signal, onStep = () => undefined } = context;
  const skip = reasonToSkip(qaCase, context);
  if (skip !== null) return { name, outcome: 'skipped', words: skip };
  try {
    await faults.clear();
    if (faults.kind === 'backend') await faults.set({ 'tokens.ttlSeconds': qaCase.tokenLifeSeconds });
    onStep(subject === 'player' ? 'waiting for the picture' : 'going on air');
    if (!(await startSubject(qaCase, context))) {
      return {
        name,
        outcome: 'failed',
        words: `${subject === 'player' ? 'Nothing played' : 'Not on air'} to begin with.`,
      };
    }
    const brokenAtMs = Date.now();
    record.addIncident('fault', title, brokenAtMs);
    onStep('broken');
    await breakFor(qaCase, context);
    const mendedAtMs = Date.now();
    record.addIncident('mended', `${title}, over`, mendedAtMs);
    onStep('watching it recover');
    await waitUntil(() => isCalm(qaCase, context, mendedAtMs), { timeoutMs: recoverTimeoutMs, signal });
    const { playback, broadcast, errors, tokens } = record;
    const verdict = judgeCase(qaCase, {
      brokenAtMs,
      mendedAtMs,
      endedAtMs: Date.now(),
      playback,
      broadcast,
      errors,
      renewedAtMs: tokens.map(({ startAtMs }) => startAtMs),
    });
    const words = describeVerdict(verdict);
    record.addIncident('verdict', `${title}: ${verdict.outcome}, ${words}`);
    return { name, outcome: verdict.outcome, words, verdict };
  } finally {
    simulateOnline(true);
    await faults.clear().catch(() => undefined);
  }
}

function reasonToSkip(
  { subject, needsFaultApi }: QaCase,
  { player, webcaster, faults }: CaseContext,
): string | null {
  if (subject === 'player' && !player) return 'The page has no <secure-player>.';
  if (subject === 'webcaster' && !webcaster) return 'The page has no <secure-webcaster>.';
  if (needsFaultApi && faults.kind !== 'backend')
    return 'Needs the demo’s fault switches, which are not there.';
  return null;
}

async function startSubject(
  { subject }: QaCase,
  { player, webcaster, record, signal }: CaseContext,
): Promise<boolean> {
  const options = { timeoutMs: startTimeoutMs, signal };
  if (subject === 'webcaster') {
    // What goes wrong is in the element's own panel and on the axis.
    if (webcaster?.state !== 'live') await webcaster?.startBroadcast().catch(() => undefined);
    return waitUntil(() => webcaster?.state === 'live', options);
  }
  if (player?.paused) await player.play().catch(() => undefined);
  if (!(await waitUntil(() => hasLasted(record.playback, 'playing', calmMs), options))) return false;
  // From here on tokens live as long as the case wants.
  await player?.refreshToken().catch(() => undefined);
  return true;
}

async function breakFor({ actions, holdMs }: QaCase, { faults, signal }: CaseContext): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  const wait = (durationMs: number): Promise<void> => pause(durationMs, signal);
  for (const action of actions) undo.push(await act(action, { faults, holdMs, wait }));
  const isTimedByItself = actions.some(({ kind }) => kind === 'background');
  if (!isTimedByItself) await wait(holdMs);
  for (const step of undo) await step();
}

interface ActOptions {
  readonly faults: FaultDriver;
  readonly holdMs: number;
  readonly wait: (durationMs: number) => Promise<void>;
}

/** Does one thing, and says how it is taken back. */
async function act(
  action: CaseAction,
  { faults, holdMs, wait }: ActOptions,
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
    case 'background':
      await simulateBackground({ driftMs: action.driftMs, heldMs: holdMs, wait });
      return nothingToDo;
  }
}

function isCalm({ subject }: QaCase, { record }: CaseContext, mendedAtMs: number): boolean {
  if (Date.now() - mendedAtMs < calmMs) return false;
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
