/** An action that disturbs playback or a broadcast. */
export type CaseAction =
  /** Faults by their paths in the backend's fault settings. They are removed after `holdMs`. */
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, unknown>> }
  /** A fault that acts once. */
  | { readonly kind: 'trigger'; readonly path: 'expireNow' | 'ingest.kill' }
  | { readonly kind: 'offline' }
  /** Revokes the streams of the player, which are allowed again after `holdMs`. */
  | { readonly kind: 'revoke' }
  /** Simulates a hidden page whose clock jumps by `driftMs`. */
  | { readonly kind: 'background'; readonly driftMs: number };

/** Conditions for a pass. Every case must also recover in the end. */
export interface CaseExpectation {
  /** Limit for the total duration of all stalls of playback, or of all interruptions of the broadcast. */
  readonly mostStallMs: number;
  /** Least number of tokens to be fetched after the start of the fault. @defaultValue 0 */
  readonly leastRenewals?: number;
  /** Do these renewals come because the end of a token is near? A token whose end only its CDN knows then needs none. */
  readonly renewsBeforeEnd?: boolean;
  /** Must playback stop, with this fatal error? @defaultValue it may not */
  readonly stops?: { readonly code: string; readonly withinMs: number };
}

/** What to tell a tester who runs a case with `needsFaultApi` on another backend. */
export const needsFaultApiWords = 'This case requires the fault API of the demo backend.';

/** A test case: faults, and what is expected of an element while they are active and after that. */
export interface QaCase {
  /** Name in the URL, for example `expire-now` in `case=expire-now`. */
  readonly name: string;
  readonly title: string;
  /** Description in one sentence. */
  readonly words: string;
  readonly subject: 'player' | 'webcaster';
  /** Whether the case needs the fault API of the demo's backend. */
  readonly needsFaultApi: boolean;
  /** Source to play, as part of a URL query. @defaultValue the source in the URL of the page */
  readonly play?: string;
  /** Token lifetime. It applies only to a backend with the fault API. */
  readonly tokenLifeSeconds: number;
  readonly actions: readonly CaseAction[];
  /** Duration of the fault. */
  readonly holdMs: number;
  /**
   * Holds the fault longer, until all counted refusals of media have happened. Without it, a case would mean less on a page with
   * long segments. @defaultValue false
   */
  readonly holdsUntilRefused?: boolean;
  readonly expected: CaseExpectation;
}
