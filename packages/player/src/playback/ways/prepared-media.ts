import type { PreparedMedia } from '../../engine/engine.js';

/** The first part of RFC 6381 names of codecs for pictures. */
const PICTURE = /\b(?:avc|hvc|hev|dvh|dva|vvc|vvi|av01|vp0?[89]|mp4v)/i;

/**
 * May the source have a picture? As at the start of a source, one that does not say which codecs it has may.
 *
 * @param prepared - what an engine's `prepare` has told
 */
export function mayHavePicture(prepared: unknown): boolean {
  const codecs = codecsOf(prepared);
  return codecs === '' || (typeof codecs === 'string' && PICTURE.test(codecs));
}

/** Does the engine not know yet whether anything plays, although it has prepared all that it could? */
export function isUnsure(prepared: unknown): boolean {
  return codecsOf(prepared) === null;
}

/** Empty if the source does not say; `undefined` for an engine that has not looked. */
function codecsOf(prepared: unknown): string | null | undefined {
  if (typeof prepared !== 'object' || prepared === null) return undefined;
  const { codecs = '' } = prepared as PreparedMedia;
  return codecs;
}
