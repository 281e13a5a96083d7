/** A tag that the light build of hls.js leaves out, or audio codecs that it does not read from MPEG-TS. */
const FULL_BUILD_TAG =
  /^#EXT-X-(?:(?:SESSION-KEY|DEFINE):|KEY:.*METHOD=SAMPLE-AES|MEDIA:.*(?:[:,]URI=|TYPE=CLOSED-CAPTIONS)|MEDIA:URI=|DATERANGE:.*"com\.apple\.hls\.interstitial"|STREAM-INF:.*CODECS="[^"]*\b[ae]c-3\b)/m;

/**
 * Does a playlist, multivariant or media, need the full build of hls.js: alternate audio, subtitles, captions, DRM,
 * variables, interstitials, AC-3?
 */
export function needsFullBuild(text: string): boolean {
  return FULL_BUILD_TAG.test(text);
}
