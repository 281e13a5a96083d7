import { entryFor } from '../engine/registry.js';
import type { PlayerSource } from '../source/player-source.js';
import { readSourceChildren } from '../source/read-source-children.js';
import { sourceFromUrl } from '../source/resolve-source.js';
import { streamNameOf } from '@gatecast/contract';
import type { PlayerOptions } from './player-options.js';

/** The element, as far as it says what to load, when and how. */
export interface SessionElement extends HTMLElement, PlayerOptions {
  readonly source: PlayerSource | null;
  readonly src: string;
  readonly stream: string;
  readonly preload: string;
  readonly autoplay: boolean;
  loading: 'eager' | 'lazy';
  readonly startTime: number | null;
  readonly remember: string;
  readonly duration: number;
  readonly currentTime: number;
  volume: number;
  muted: boolean;
}

/** Can the token response name what is played? */
export function namesSource({ tokenUrl, tokenSource, token }: SessionElement): boolean {
  return (
    tokenUrl !== '' ||
    tokenSource !== null ||
    (token !== null && typeof token === 'object' && 'parts' in token)
  );
}

/** Name that the token is asked for, when its response names the source: `42` of the endpoint `/api/play/42`. */
export function answeredStream({ stream, tokenUrl }: SessionElement): string {
  return stream || streamNameOf(tokenUrl.replace(/[?#].*$/s, '').replace(/\/+$/, '')) || 'stream';
}

/** The source that the element itself names. */
export function findSource(element: SessionElement): PlayerSource | null {
  const { source, src, stream, engine } = element;
  return (
    source ??
    readSourceChildren(element, (address) => entryFor(address, engine)) ??
    (src ? sourceOf(src, stream || null, element) : null)
  );
}

/** An address as the source of an element. */
export function sourceOf(src: string, stream: string | null, { engine }: SessionElement): PlayerSource {
  return sourceFromUrl(entryFor(src, engine), stream);
}
