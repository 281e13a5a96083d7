import { decodeJwt } from 'jose';
import { type MediaKind, readMediaAddress } from '../http/media-address.js';
import { type SchemeStream, isSchemeStream } from './scheme-stream.js';

/** What a request to `/cdn/<scheme>/…` is for. */
export interface SchemeTarget {
  readonly scheme: string;
  readonly stream: SchemeStream;
  /** Path below the folder of the stream: `index.m3u8`, `high/12.m4s`. */
  readonly file: string;
  readonly kind: MediaKind;
  /** Folder of the stream, relative to the address: empty, or the name of the stream for `/cdn/<scheme>/<stream>.m3u8`. */
  readonly folder: string;
  /** Has the path a token before `/cdn/`? */
  readonly hasPrefix: boolean;
}

const PATH = /^(\/[^/]*=[^/]*)?\/cdn\/([\w-]+)\/(.+)$/;
/** The same first playlist, as the vendors name it. */
const FIRST = /^(?:index|playlist|video)\.m3u8$/;

/** Is a path one of the media origins? A token may be before `/cdn/`. */
export function isSchemePath(path: string): boolean {
  return PATH.test(path);
}

/** Reads the path of a request to a media origin; `null` for any other. The name of the stream may be in a JWT. */
export function readSchemeTarget(path: string): SchemeTarget | null {
  const [, prefix, scheme = '', rest = ''] = PATH.exec(path) ?? [];
  const [, only, name = only, below = 'index.m3u8'] =
    /^(?:([^/]+)\.m3u8|([^/]+)\/(?:manifest\/)?(.+))$/.exec(rest) ?? [];
  const stream = streamOf(name ?? '');
  if (!isSchemeStream(stream)) return null;
  const file = FIRST.test(below) ? 'index.m3u8' : below;
  const address = readMediaAddress(`${stream}/${file}`);
  const folder = only === undefined ? '' : `${stream}/`;
  const hasPrefix = prefix !== undefined;
  return address ? { scheme, stream, file, kind: address.kind, folder, hasPrefix } : null;
}

/** Reads the stream from a token in its place. The token is verified later. */
function streamOf(segment: string): string {
  if (!segment.startsWith('eyJ')) return segment;
  try {
    return decodeJwt(segment).sub ?? '';
  } catch {
    return '';
  }
}
