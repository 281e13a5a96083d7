import type { Rendition } from '../engine.js';

/** A layer of a broadcast in several qualities, with what its server wants to have in a request for it. */
export interface Layer extends Rendition {
  readonly request: Readonly<Record<string, unknown>>;
}

type Values = Readonly<Record<string, unknown>>;

/** No broadcast has more layers, or longer names. */
const LIMIT = 64;

/**
 * Reads the data of a `layers` event: an object with a list for each media section, in the form of the draft, or that of servers before
 * it (`encodingId`). Of the layers that differ in frame rate only, the first counts.
 *
 * @returns best first; empty if there is no choice.
 */
export function readLayers(data: unknown, stream: string): Layer[] {
  for (const [mediaId, value] of Object.entries(isValues(data) ? data : {})) {
    if (mediaId.length > LIMIT) continue;
    const list = isValues(value) && !Array.isArray(value) ? value['layers'] : value;
    const found = new Map<unknown, Omit<Layer, 'index'>>();
    for (const each of (Array.isArray(list) ? list : []).slice(0, LIMIT)) {
      const layer = isValues(each) ? readLayer(each, mediaId, stream) : null;
      const id = layer && JSON.stringify(layer.request);
      if (layer && !found.has(id)) found.set(id, layer);
    }
    const layers = [...found.values()].sort((a, b) => quality(b) - quality(a));
    if (layers.length > 1) return layers.map((layer, index) => ({ ...layer, index }));
  }
  return [];
}

function readLayer(values: Values, mediaId: string, stream: string): Omit<Layer, 'index'> | null {
  const name = ['rid', 'encodingId', 'spatialLayerId'].find((each) => isName(values[each]));
  if (name === undefined) return null;
  const height = numberOf(values['height']);
  const id = values[name];
  const bitrate = numberOf(values['bitrate']) ?? numberOf(values['targetBitrate']);
  return {
    label: height === null ? String(id) : `${String(height)}p`,
    bitrateKbps: bitrate === null ? null : Math.round(bitrate / 1000),
    width: numberOf(values['width']),
    height,
    framerate: null,
    stream,
    request: { mediaId, [name]: id },
  };
}

function quality({ height, bitrateKbps }: Pick<Layer, 'height' | 'bitrateKbps'>): number {
  return (height ?? 0) * 1e6 + (bitrateKbps ?? 0);
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

function isName(value: unknown): boolean {
  return (typeof value === 'string' && value !== '' && value.length <= LIMIT) || typeof value === 'number';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
