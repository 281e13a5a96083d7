import { GatecastError, startDeadline, type Clock } from '@gatecast/token';
import type { CheckFinding, CheckItem, CheckName } from './check-report.js';

/** One step of a check. */
export interface CheckStep {
  readonly name: CheckName;
  /** Longest time of the step. */
  readonly limitMs: number;
  /** @throws GatecastError what the step found, in its words. */
  readonly run: (signal: AbortSignal) => Promise<CheckFinding>;
}

export interface RunStepsOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each row, as soon as it is known. */
  readonly onItem: (item: CheckItem) => void;
}

/**
 * Runs all steps at the same time. A step that fails is a row of the report.
 *
 * @throws the signal's reason.
 */
export async function runSteps(steps: readonly CheckStep[], options: RunStepsOptions): Promise<CheckItem[]> {
  const { signal, onItem } = options;
  const items = await Promise.all(
    steps.map(async (step) => {
      const item = { name: step.name, ...(await runStep(step, options)) };
      signal.throwIfAborted();
      onItem(item);
      return item;
    }),
  );
  return items;
}

/** Waits for the step, its time limit or the signal, whichever comes first. */
async function runStep(
  { limitMs, run }: CheckStep,
  { clock, signal }: RunStepsOptions,
): Promise<CheckFinding> {
  const deadline = startDeadline(clock, limitMs, signal);
  const ended = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(deadline.signal.reason as Error);
    if (deadline.signal.aborted) onAbort();
    else deadline.signal.addEventListener('abort', onAbort, { once: true });
  });
  // Its rejection may come after the step has settled.
  ended.catch(() => undefined);
  try {
    return await Promise.race([run(deadline.signal), ended]);
  } catch (cause) {
    signal.throwIfAborted();
    return deadline.isOver ? timedOut(limitMs) : findingOf(cause);
  } finally {
    deadline.end();
  }
}

/** The row of an error. */
export function findingOf(cause: unknown): CheckFinding {
  if (cause instanceof GatecastError) {
    const { code, message, hint } = cause;
    return { result: 'failed', code, message, hint };
  }
  return {
    result: 'failed',
    code: 'publisher-failed',
    message: 'The check failed with an unexpected error.',
    // The text of an unknown error may contain what is secret.
    hint: `Report it with diagnostics(). The browser’s name of the error is ${cause instanceof Error ? cause.name : 'unknown'}.`,
  };
}

function timedOut(limitMs: number): CheckFinding {
  return {
    result: 'failed',
    code: 'timed-out',
    message: `This check gave no result within ${String(limitMs / 1000)} s.`,
    hint: 'Try again. If it fails each time, check the device and the network.',
  };
}
