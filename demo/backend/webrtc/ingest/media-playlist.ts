/** Properties of a partial segment in the playlist. */
export interface PlaylistPart {
  readonly durationMs: number;
  readonly isIndependent: boolean;
}

export interface PlaylistSegment {
  readonly sequence: number;
  readonly initFile: string;
  /** The encoding or the timeline changes before this segment. */
  readonly isDiscontinuity: boolean;
  readonly programDateTimeMs: number;
  readonly parts: readonly PlaylistPart[];
  /** `false` while parts are still added. */
  readonly isComplete: boolean;
}

export interface PlaylistState {
  /** Folder of the files, relative to the playlist. */
  readonly folder: string;
  readonly segments: readonly PlaylistSegment[];
  /** Number of discontinuities that were removed from the playlist. */
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
}

export const TARGET_DURATION_SECONDS = 2;
/** Duration at which a part ends. */
export const PART_MS = 200;
/**
 * `PART-TARGET`, the longest duration of a part: it may exceed `PART_MS` by one frame at 30 frames/s. A larger value
 * is not possible, because RFC 8216bis requires parts of at least 85 % of it.
 */
const PART_TARGET_MS = 232;
/** RFC 8216bis requires at least twice `PART-TARGET` and recommends three times. */
const PART_HOLD_BACK_SECONDS = 0.7;
/** Newest segments that are listed with their parts. Players need parts only near the live edge. */
const SEGMENTS_WITH_PARTS = 4;

export function segmentFile(sequence: number): string {
  return `${sequence}.m4s`;
}

export function partFile(sequence: number, part: number): string {
  return `${sequence}.${part}.m4s`;
}

/**
 * Writes the low-latency media playlist.
 * @see https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis-17
 */
export function renderMediaPlaylist(state: PlaylistState): string {
  const { segments } = state;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${TARGET_DURATION_SECONDS}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${PART_HOLD_BACK_SECONDS.toFixed(3)},HOLD-BACK=${TARGET_DURATION_SECONDS * 3}.000`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(PART_TARGET_MS)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`,
  ];
  if (state.discontinuitySequence > 0) {
    lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${state.discontinuitySequence}`);
  }
  let initFile: string | undefined;
  segments.forEach((segment, index) => {
    if (segment.isDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.initFile !== initFile) {
      initFile = segment.initFile;
      lines.push(`#EXT-X-MAP:URI="${state.folder}/${initFile}"`);
    }
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programDateTimeMs).toISOString()}`);
    if (index >= segments.length - SEGMENTS_WITH_PARTS) lines.push(...partLines(state.folder, segment));
    if (segment.isComplete) {
      const durationMs = segment.parts.reduce((sum, part) => sum + part.durationMs, 0);
      lines.push(`#EXTINF:${seconds(durationMs)},`, `${state.folder}/${segmentFile(segment.sequence)}`);
    }
  });
  lines.push(state.isEnded ? '#EXT-X-ENDLIST' : preloadHint(state));
  return `${lines.join('\n')}\n`;
}

function partLines(folder: string, segment: PlaylistSegment): string[] {
  return segment.parts.map((part, index) => {
    const uri = `${folder}/${partFile(segment.sequence, index)}`;
    const independent = part.isIndependent ? ',INDEPENDENT=YES' : '';
    return `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${uri}"${independent}`;
  });
}

function preloadHint({ folder, segments }: PlaylistState): string {
  const last = segments.at(-1);
  const uri = !last
    ? partFile(0, 0)
    : last.isComplete
      ? partFile(last.sequence + 1, 0)
      : partFile(last.sequence, last.parts.length);
  return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${folder}/${uri}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(5);
}
