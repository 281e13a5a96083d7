import { clipTiming } from '../../clip/clip-timing.js';
import type { ClipRendition } from './clip.js';
import { timelineStartMs } from './live-timeline.js';
import type { TrackKind } from './single-track.js';

/** Content of an MPD. URLs are relative to it. */
export interface DashManifest {
  readonly first: number;
  readonly last: number;
  /** Folder of the representations. */
  readonly folder: string;
  /** Video representations, best first. Audio is that of the last one. */
  readonly renditions: readonly ClipRendition[];
  /** `live` is dynamic and is updated with each segment; `vod` is static. */
  readonly type: 'live' | 'vod';
}

const segmentS = clipTiming.segmentMs / 1000;
/** Distance from the end of the last segment at which players start, in seconds. */
const DELAY_S = 3 * segmentS;

/**
 * Writes an MPD: one period, video and audio apart, and a timeline of the segments. A live one also states the server’s time, so
 * that the clock of the device does not matter.
 *
 * @see ISO/IEC 23009-1, 5.3.1.2
 */
export function writeDashManifest(manifest: DashManifest): string {
  const { renditions, type } = manifest;
  const audio = renditions.slice(-1);
  const isLive = type === 'live';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT${segmentS}S"${timesOf(manifest)}>`,
    '<Period id="clip" start="PT0S">',
    ...adaptationSet('video', renditions, manifest),
    ...adaptationSet('audio', audio, manifest),
    '</Period>',
    ...(isLive
      ? [`<UTCTiming schemeIdUri="urn:mpeg:dash:utc:direct:2014" value="${endOf(manifest.last)}"/>`]
      : []),
    '</MPD>',
    '',
  ].join('\n');
}

function timesOf({ type, first, last }: DashManifest): string {
  const lengthS = (last - first + 1) * segmentS;
  if (type === 'vod') return ` type="static" mediaPresentationDuration="PT${lengthS}S"`;
  const start = new Date(timelineStartMs).toISOString();
  return ` type="dynamic" availabilityStartTime="${start}" publishTime="${endOf(last)}" minimumUpdatePeriod="PT${segmentS}S" timeShiftBufferDepth="PT${lengthS}S" suggestedPresentationDelay="PT${DELAY_S}S"`;
}

/** When a segment is complete, and published. */
function endOf(sequence: number): string {
  return new Date(timelineStartMs + (sequence + 1) * clipTiming.segmentMs).toISOString();
}

function adaptationSet(
  kind: TrackKind,
  renditions: readonly ClipRendition[],
  { first, last, folder }: DashManifest,
): string[] {
  const startS = first * segmentS;
  return [
    `<AdaptationSet contentType="${kind}" mimeType="${kind}/mp4" segmentAlignment="true" startWithSAP="1">`,
    `<SegmentTemplate timescale="1" startNumber="${first}" initialization="${folder}/$RepresentationID$/init.mp4" media="${folder}/$RepresentationID$/$Number$.m4s">`,
    `<SegmentTimeline><S t="${startS}" d="${segmentS}" r="${last - first}"/></SegmentTimeline>`,
    '</SegmentTemplate>',
    ...renditions.map((rendition) => representation(kind, rendition)),
    '</AdaptationSet>',
  ];
}

/** A segment contains the bytes of both tracks, and each representation uses one: `bandwidth` is that of the file. */
function representation(kind: TrackKind, { rendition, tracks, peakBitsPerSecond }: ClipRendition): string {
  const { label, width, height } = rendition;
  const codec = tracks.find((track) => track.kind === kind)?.codec ?? '';
  const form =
    kind === 'video'
      ? `width="${width}" height="${height}" frameRate="${clipTiming.frameRate}"`
      : `audioSamplingRate="${clipTiming.audioSampleRateHz}"`;
  return `<Representation id="${label}-${kind}" bandwidth="${peakBitsPerSecond}" codecs="${codec}" ${form}/>`;
}
