/** An event of a Chromium trace. Times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread, which another process on a busy machine does not change. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly navigationId?: string } };
}

export const mainThreadSlices = [
  'compile',
  'evaluate',
  'callbacks',
  'HTML',
  'layout',
  'GC',
  'other',
] as const;
export type MainThreadSlice = (typeof mainThreadSlices)[number];

/** Processor time of a page's main thread by what it did, in milliseconds. */
export type MainThreadTimes = Readonly<Record<MainThreadSlice | 'total', number>>;

const patterns: readonly (readonly [MainThreadSlice, RegExp])[] = [
  ['GC', /GC/],
  [
    'compile',
    /^V8\.(?:Compile|Parse|PreParse|CollectSource|Finalize|OffThread|Streaming)|^v8\.(?:compile|produce)/,
  ],
  ['evaluate', /^(?:EvaluateScript|v8\.evaluateModule|v8\.run)$/],
  ['callbacks', /^(?:TimerFire|EventDispatch|FireAnimationFrame|FireIdleCallback|XHR\w+)$/],
  ['HTML', /^(?:ParseHTML|HTMLDocumentParser)/],
  ['layout', /^(?:UpdateLayoutTree|Layout|PrePaint|Paint|Layerize|Commit|HitTest|IntersectionObserver)/],
];

/** Runs scripts of whatever called it: a callback, unless an enclosing event is known. */
const callPattern = /^(?:FunctionCall|RunMicrotasks|BlinkScheduler_PerformMicrotaskCheckpoint|v8\.call\w+)$/;

function sliceOf(name: string, enclosing: MainThreadSlice): MainThreadSlice {
  const [own] = patterns.find(([, pattern]) => pattern.test(name)) ?? [];
  if (own) return own;
  return enclosing === 'other' && callPattern.test(name) ? 'callbacks' : enclosing;
}

/**
 * Adds up what the main thread of a page did from its navigation to a mark. The time of an event without the events inside
 * counts for its slice; an event of no known kind belongs to the one around it.
 *
 * @throws Error when the trace has no such mark, or not the navigation that it belongs to.
 */
export function measureMainThread(events: readonly TraceEvent[], mark: string): MainThreadTimes {
  const end = events.find(({ name }) => name === mark);
  const start = events.find(
    ({ name, args }) =>
      name === 'navigationStart' && args?.data?.navigationId === end?.args?.data?.navigationId,
  );
  if (!end || !start) throw new Error(`The trace has no mark '${mark}' of a known navigation.`);
  const inOrder = events
    .filter(({ ph, pid, tid, ts }) => ph === 'X' && pid === end.pid && tid === end.tid && ts < end.ts)
    .filter(({ ts }) => ts >= start.ts)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const times = Object.fromEntries([...mainThreadSlices, 'total'].map((slice) => [slice, 0])) as Record<
    keyof MainThreadTimes,
    number
  >;
  const around: { readonly slice: MainThreadSlice; readonly endsAt: number }[] = [];
  for (const { name, ts, dur = 0, tdur = 0 } of inOrder) {
    while (around.length > 0 && (around.at(-1)?.endsAt ?? 0) <= ts) around.pop();
    const parent = around.at(-1);
    const slice = sliceOf(name, parent?.slice ?? 'other');
    const ms = tdur / 1000;
    times[slice] += ms;
    times[parent ? parent.slice : 'total'] += parent ? -ms : ms;
    around.push({ slice, endsAt: ts + dur });
  }
  return times;
}
