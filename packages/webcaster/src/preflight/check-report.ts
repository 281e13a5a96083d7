import type { ErrorCode } from '@gatecast/token';

/** What a check looks at, in the order in which it is shown. */
export type CheckName = 'camera' | 'microphone' | 'encoder' | 'token' | 'ingest' | 'upload';

/** `skipped` was not measured: it is neither good nor bad. */
export type CheckResult = 'passed' | 'warning' | 'failed' | 'skipped';

/** What was found, for programs; an error has its own code. */
export type CheckCode =
  | 'camera-ok'
  | 'camera-no-frames'
  | 'camera-black'
  | 'camera-frozen'
  | 'camera-small'
  | 'camera-slow'
  | 'microphone-ok'
  | 'microphone-silent'
  | 'microphone-low'
  | 'microphone-clipping'
  | 'microphone-unmeasured'
  | 'muted'
  | 'not-used'
  | 'page-hidden'
  | 'encoder-ok'
  | 'encoder-slow'
  | 'encoder-unknown'
  | 'token-ok'
  | 'token-short'
  | 'token-clock'
  | 'token-none'
  | 'ingest-ok'
  | 'ingest-unchecked'
  | 'upload-ok'
  | 'upload-tight'
  | 'upload-low'
  | 'upload-refused'
  | 'upload-unmeasured'
  | 'timed-out'
  | ErrorCode;

/** What one step found. */
export interface CheckFinding {
  readonly result: CheckResult;
  readonly code: CheckCode;
  /** One sentence in English: what was found. */
  readonly message: string;
  /** What to change. */
  readonly hint?: string;
  /** What was measured; each name ends with its unit. */
  readonly value?: Readonly<Record<string, number | string | boolean>>;
}

/** One row of the report. */
export interface CheckItem extends CheckFinding {
  readonly name: CheckName;
}

/** `ready`: nothing speaks against a start. `warning`: viewers may notice something. `failed`: a start would fail. */
export type CheckVerdict = 'ready' | 'warning' | 'failed';

/** The result of a check before a broadcast. Plain JSON, without a token. */
export interface CheckReport {
  readonly verdict: CheckVerdict;
  /** Code of the row that decides the verdict; `ready` without one. */
  readonly code: CheckCode | 'ready';
  /** One sentence in English: the verdict, with its most important reason. */
  readonly message: string;
  /** What to change. */
  readonly hint?: string;
  readonly checks: readonly CheckItem[];
}

export const CHECK_ORDER: readonly CheckName[] = [
  'camera',
  'microphone',
  'encoder',
  'token',
  'ingest',
  'upload',
];

/** What a broadcast lacks first: without permission, the best picture does not help. */
const IMPORTANCE: readonly CheckName[] = ['token', 'ingest', 'camera', 'microphone', 'encoder', 'upload'];

/** A broadcast whose picture or sound nobody has looked at is not ready without a warning. */
function weightOf({ name, result, code }: CheckItem): CheckResult {
  const isDevice = name === 'camera' || name === 'microphone';
  return isDevice && result === 'skipped' && code !== 'not-used' ? 'warning' : result;
}

/**
 * Sums up what the steps found. A camera or microphone that is used, but was not measured, is a warning. Any other skipped
 * step counts neither for nor against; the sentence names it.
 */
export function reportOf(items: readonly CheckItem[]): CheckReport {
  const checks = CHECK_ORDER.flatMap((name) => items.filter((item) => item.name === name));
  for (const verdict of ['failed', 'warning'] as const) {
    const found = IMPORTANCE.flatMap((name) =>
      checks.filter((item) => item.name === name && weightOf(item) === verdict),
    );
    const [first] = found;
    if (!first) continue;
    const others = found.length === 1 ? '' : ` (${String(found.length - 1)} more below)`;
    const start = verdict === 'failed' ? 'Not ready' : 'Ready, with a warning';
    const { code, message, hint } = first;
    return {
      verdict,
      code,
      message: `${start}: ${lowerFirst(message).replace(/\.$/, '')}${others}.`,
      ...(hint !== undefined && { hint }),
      checks,
    };
  }
  return { verdict: 'ready', code: 'ready', message: readyText(checks), checks };
}

function readyText(checks: readonly CheckItem[]): string {
  // A camera that is not used needs no mention; what could not be measured does.
  const open = checks.filter(({ result, code }) => result === 'skipped' && code !== 'not-used');
  if (open.length === 0) return 'Ready to go live.';
  return `Ready to go live, as far as it was checked. Not checked: ${open.map(({ name }) => name).join(', ')}.`;
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]* /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
