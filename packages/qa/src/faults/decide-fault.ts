/** Those faults of the backend that a page can simulate. */
export interface FaultRule {
  readonly tokens?: {
    readonly fail?: number;
    readonly status?: number;
    readonly down?: boolean;
    readonly latencyMs?: number;
    readonly shape?: string;
  };
  readonly media?: {
    readonly down?: boolean;
    readonly latencyMs?: number;
    readonly reject?: { readonly status?: number; readonly count?: number };
  };
}

export interface RequestFacts {
  readonly kind: 'token' | 'media' | 'other';
  /** Whether the request has a token that must be treated as expired. */
  readonly isSpent: boolean;
}

export type PageFault =
  | { readonly kind: 'cut' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'shape' }
  | { readonly kind: 'delay'; readonly delayMs: number };

export interface FaultDecision {
  readonly fault: PageFault | null;
  /** The rule for the next request: counts are reduced. */
  readonly rule: FaultRule;
}

/** Decides which fault a request gets. */
export function decideFault(rule: FaultRule, { kind, isSpent }: RequestFacts): FaultDecision {
  if (kind === 'token') return decideToken(rule);
  if (kind === 'media') return isSpent ? refuse(rule, 403) : decideMedia(rule);
  return { fault: null, rule };
}

function decideToken(rule: FaultRule): FaultDecision {
  const { fail = 0, status = 503, down, latencyMs = 0, shape } = rule.tokens ?? {};
  if (down) return { fault: { kind: 'cut' }, rule };
  if (fail > 0) return refuse({ ...rule, tokens: { ...rule.tokens, fail: fail - 1 } }, status);
  if (shape !== undefined) return { fault: { kind: 'shape' }, rule };
  return delayed(rule, latencyMs);
}

function decideMedia(rule: FaultRule): FaultDecision {
  const { down, latencyMs = 0, reject } = rule.media ?? {};
  if (down) return { fault: { kind: 'cut' }, rule };
  if (!reject || reject.count === 0) return delayed(rule, latencyMs);
  const { count, status = 403 } = reject;
  const left = count === undefined ? reject : { ...reject, count: count - 1 };
  return refuse({ ...rule, media: { ...rule.media, reject: left } }, status);
}

function delayed(rule: FaultRule, delayMs: number): FaultDecision {
  return { fault: delayMs > 0 ? { kind: 'delay', delayMs } : null, rule };
}

function refuse(rule: FaultRule, status: number): FaultDecision {
  return { fault: { kind: 'status', status }, rule };
}
