import { clipTiming } from '../../../demo/clip/clip-timing.js';
import type { EncoderFault } from '../cases/fault-case.js';

const { segmentMs } = clipTiming;
/** Segments in a live playlist, and segments that are still served after they left it. */
const listedSegments = 6;
const keptSegments = 6;
/** Before the case, so that the first playlist is full. */
const headStartSegments = 20;

/** A run of the encoder without interruption. Segment `index` is complete when the next one begins. */
interface EncoderRun {
  readonly startMs: number;
  readonly endMs: number;
  /** Sequence number, and position in the looped clip, of the first segment. */
  readonly firstSequence: number;
  readonly firstPosition: number;
  readonly isDiscontinuous: boolean;
}

/** A segment of the live playlist. */
export interface LiveSegment {
  readonly sequence: number;
  /** Position in the looped clip, which determines the timestamps. */
  readonly position: number;
  readonly programDateMs: number;
  /** Whether the playlist has a discontinuity tag before it. */
  readonly isDiscontinuous: boolean;
}

/** Says which segments a live stream has at a time, with the restarts of its encoder. */
export class LiveEncoder {
  readonly #now: () => number;
  #runs: readonly EncoderRun[];

  constructor(now: () => number) {
    this.#now = now;
    const startMs = Math.floor(now() / segmentMs - headStartSegments) * segmentMs;
    this.#runs = [
      { startMs, endMs: Infinity, firstSequence: 1_000, firstPosition: 1_000, isDiscontinuous: false },
    ];
  }

  /** The playlist keeps its segments until the encoder runs again. */
  stop(): void {
    const nowMs = this.#now();
    this.#runs = this.#runs.map((run) => (run.endMs === Infinity ? { ...run, endMs: nowMs } : run));
  }

  resume({ kind, ...options }: EncoderFault): void {
    const startMs = this.#now();
    const before = this.#runs.at(-1);
    if (!before) return;
    const made = segmentsOf(before, startMs);
    const passed = Math.ceil((startMs - before.startMs) / segmentMs);
    const next = {
      restart: { firstSequence: 0, firstPosition: 0 },
      'sequence-reset': { firstSequence: 0, firstPosition: before.firstPosition + passed },
      hole: { firstSequence: before.firstSequence + made, firstPosition: before.firstPosition + passed },
    }[kind];
    const isDiscontinuous = 'discontinuity' in options && options.discontinuity;
    const run = { startMs, endMs: Infinity, isDiscontinuous, ...next };
    // After a reset of the sequence the old segments would have higher numbers than the new ones.
    this.#runs = kind === 'hole' ? [...this.#runs, run] : [run];
  }

  /** Segments in the playlist, the oldest first. Empty until the first segment of a run is complete. */
  listed(): LiveSegment[] {
    return this.#complete().slice(-listedSegments);
  }

  /** The segment with a sequence number, if it is still served. */
  find(sequence: number): LiveSegment | undefined {
    return this.#complete()
      .slice(-listedSegments - keptSegments)
      .find((segment) => segment.sequence === sequence);
  }

  #complete(): LiveSegment[] {
    const nowMs = this.#now();
    return this.#runs.flatMap((run) =>
      Array.from({ length: segmentsOf(run, nowMs) }, (_, index) => ({
        sequence: run.firstSequence + index,
        position: run.firstPosition + index,
        programDateMs: run.startMs + index * segmentMs,
        isDiscontinuous: index === 0 && run.isDiscontinuous,
      })),
    );
  }
}

function segmentsOf({ startMs, endMs }: EncoderRun, nowMs: number): number {
  return Math.max(0, Math.floor((Math.min(endMs, nowMs) - startMs) / segmentMs));
}
