import type { GatecastError } from '@gatecast/token';
import type Hls from 'hls.js';
import type { ErrorData, Fragment } from 'hls.js';
import type { ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
import { entryOfLevel } from './hls-renditions.js';

/** Milliseconds until a refused entry is tried again: doubled each time, up to the last one. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 240_000;

/**
 * Entries whose token the origin refuses, or whose access has ended: they cannot be chosen, the others continue to play. Each is tried again after a
 * while, because a refusal may pass.
 */
export class LeftOutEntries {
  readonly #attempts = new Map<number, number>();
  readonly #source: ResolvedSource;
  readonly #indices = new Set<number>();

  constructor(source: ResolvedSource) {
    this.#source = source;
  }

  get indices(): ReadonlySet<number> {
    return this.#indices;
  }

  /**
   * Leaves out the entry that an error is about, unless it is the last one.
   *
   * @returns the entry if it could be chosen before; otherwise `null`.
   */
  add(hls: Hls, data: ErrorData, error: GatecastError): ResolvedEntry | null {
    if (!isRefusal(error)) return null;
    // The level of a segment of a group is the number of its track.
    if (data.frag && (data.frag.type as string) !== 'main') return null;
    const position = data.frag?.level ?? data.level ?? data.context?.level ?? -1;
    const level = hls.levels[position];
    const entry = entryOfLevel(hls, this.#source, position);
    if (!level || !entry) return null;
    const isNew = !this.#indices.has(entry.index);
    if (isNew && this.#indices.size + 1 >= hls.levels.length) return null;
    const attempt = (this.#attempts.get(entry.index) ?? 0) + 1;
    this.#attempts.set(entry.index, attempt);
    // Removing the level would renumber the others while they load. hls.js tries a level again when its penalty expires.
    level.loadError = 1;
    level.loadErrorTime = performance.now() + retryMs(attempt) - hls.config.errorPenaltyExpireMs;
    this.#indices.add(entry.index);
    return isNew ? entry : null;
  }

  /** Called when a segment is in the buffer. Returns whether its entry was left out. */
  restore(hls: Hls, { type, level }: Fragment): boolean {
    const entry = (type as string) === 'main' && entryOfLevel(hls, this.#source, level);
    if (!entry) return false;
    this.#attempts.delete(entry.index);
    return this.#indices.delete(entry.index);
  }
}

/** Is it the token that is refused, or the missing token? Other errors are those of one segment or playlist. */
function isRefusal({ code, status }: GatecastError): boolean {
  return code.startsWith('token-') || status === 401 || status === 403;
}

function retryMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));
}
