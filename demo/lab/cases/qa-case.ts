/** Something that is done to break playback or a broadcast. */
export type CaseAction =
  /** Faults by their paths, as the demo's backend names them; taken away when the case has been broken long enough. */
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, unknown>> }
  /** A fault that acts once. */
  | { readonly kind: 'trigger'; readonly path: 'expireNow' | 'ingest.kill' }
  | { readonly kind: 'offline' }
  /** The page is told that it is hidden, and its clock jumps. */
  | { readonly kind: 'background'; readonly driftMs: number };

/** What has to hold for a case to be passed; that it goes on in the end always has to. */
export interface CaseExpectation {
  /** All stand-stills of the picture together, or all interruptions of the broadcast. */
  readonly mostStallMs: number;
  /** Tokens that must have been fetched from the moment of the fault on. @defaultValue 0 */
  readonly leastRenewals?: number;
}

/** One way in which things go wrong, and how well they have to go on. */
export interface QaCase {
  /** As in an address: `case=expire-now`. */
  readonly name: string;
  readonly title: string;
  /** What is done, in a sentence. */
  readonly words: string;
  readonly subject: 'player' | 'webcaster';
  /** Can only the demo's own backend do it? */
  readonly needsFaultApi: boolean;
  /** What is played for it, as a part of the lab's address. @defaultValue what the address says */
  readonly play?: string;
  /** Lifetime of tokens, where the backend can be told. */
  readonly tokenLifeSeconds: number;
  readonly actions: readonly CaseAction[];
  /** How long it stays broken. */
  readonly holdMs: number;
  readonly expected: CaseExpectation;
}
