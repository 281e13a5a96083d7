import type { SessionEvent } from '../session-events.js';
import type { RelayedLayer } from './stream-relay.js';

/**
 * Events that a viewer can choose from. `ended` is not in the draft, whose clients ignore it: it has the reason for which the
 * server has ended the session.
 */
export const VIEWER_EVENTS = ['active', 'inactive', 'layers', 'viewercount', 'ended'] as const;

export const EVENTS_REL = 'urn:ietf:params:whep:ext:core:server-sent-events';
export const LAYER_REL = 'urn:ietf:params:whep:ext:core:layer';

/** What a viewer asks of the video. Members that are missing ask for nothing. */
export interface LayerRequest {
  /** Index of the `m=` section, as text. */
  readonly mediaId?: string | undefined;
  readonly rid?: string | undefined;
  readonly spatialLayerId?: number | undefined;
  readonly temporalLayerId?: number | undefined;
  readonly maxSpatialLayerId?: number | undefined;
  readonly maxTemporalLayerId?: number | undefined;
  readonly maxWidth?: number | undefined;
  readonly maxHeight?: number | undefined;
}

/** The event with the layers of a stream: the encodings that its publisher sends. */
export function layersEvent(mediaId: number, layers: readonly RelayedLayer[]): SessionEvent {
  const list = layers.map(({ rid, bitrate, width, height }) => ({
    ...(rid === '' ? { spatialLayerId: 0, temporalLayerId: 0 } : { rid }),
    bitrate,
    width,
    height,
  }));
  return { event: 'layers', data: { [mediaId]: list } };
}

/** The names of encodings, to compare which ones come. */
export function layerNames(layers: readonly RelayedLayer[]): string {
  return layers.map(({ rid }) => rid).join(';');
}

/**
 * The encoding that a viewer asks for. `auto` if it leaves the choice to the server, `undefined` if there is none.
 *
 * @param layers largest first
 */
export function findLayer(
  request: LayerRequest,
  layers: readonly RelayedLayer[],
  mediaId: number | undefined,
): { readonly rid: string | undefined } | undefined {
  const { rid, maxWidth, maxHeight } = request;
  if (layers.length === 0 || (request.mediaId !== undefined && request.mediaId !== String(mediaId))) {
    return undefined;
  }
  // One encoding has no layers within.
  if ((request.spatialLayerId ?? 0) !== 0 || (request.temporalLayerId ?? 0) !== 0) return undefined;
  if (rid === undefined && maxWidth === undefined && maxHeight === undefined) return { rid: undefined };
  return layers.find(
    (layer) =>
      (rid === undefined || (rid !== '' && layer.rid === rid)) &&
      layer.width <= (maxWidth ?? Infinity) &&
      layer.height <= (maxHeight ?? Infinity),
  );
}

/** Reads the body of a layer request. `undefined` if it is not one. Unknown members are ignored. */
export function readLayerRequest(text: string): LayerRequest | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const values = new Map<string, unknown>(Object.entries(body));
  const isOf = (type: 'string' | 'number', name: string) =>
    values.get(name) === undefined || typeof values.get(name) === type;
  const isValid =
    ['mediaId', 'rid'].every((name) => isOf('string', name)) && NUMBERS.every((name) => isOf('number', name));
  return isValid ? body : undefined;
}

const NUMBERS = [
  'spatialLayerId',
  'temporalLayerId',
  'maxSpatialLayerId',
  'maxTemporalLayerId',
  'maxWidth',
  'maxHeight',
];
