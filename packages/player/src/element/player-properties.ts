import type { TokenFunction } from '@gatecast/token';
import type { PropertyDeclaration, PropertyDeclarations, PropertyValues } from '@lit/reactive-element';
import { engineLoadProperties } from '../engine/registry.js';
import { DEFAULT_MAX_LIVE_LATENCY_S, DEFAULT_PLACEMENT } from './read-settings.js';

/** Properties that say what is played and how; a change of any of them is a new load. */
export const LOAD_PROPERTIES: readonly PropertyKey[] = [
  'src',
  'source',
  'stream',
  'engine',
  'tokenPlacement',
  'tokenOrigins',
  ...engineLoadProperties,
];
/** Properties that say where tokens come from; a change leaves playback alone. */
const TOKEN_PROPERTIES: readonly PropertyKey[] = [
  'tokenUrl',
  'tokenCredentials',
  'dpop',
  'tokenSession',
  'tokenSource',
  'refreshLead',
];

/**
 * Do tokens come from another place?
 *
 * @param tokenSource - if it is given, another function in place of one does not count: a page may pass one with each render
 */
export function isTokenChange(changed: PropertyValues, tokenSource: TokenFunction | null = null): boolean {
  return TOKEN_PROPERTIES.some(
    (name) => changed.has(name) && !(name === 'tokenSource' && tokenSource && changed.get(name)),
  );
}

/** An attribute that falls back to its default when it is taken away. */
function text(attribute: string, fallback = ''): PropertyDeclaration {
  return { attribute, converter: (value) => value ?? fallback };
}

/** The reactive properties of the element, with their attributes. */
export const PLAYER_PROPERTIES: PropertyDeclarations = {
  src: text('src'),
  stream: text('stream'),
  tokenUrl: text('token-url'),
  tokenCredentials: text('token-credentials', 'same-origin'),
  dpop: { type: Boolean, reflect: true },
  tokenSession: text('token-session'),
  tokenPlacement: text('token-placement', DEFAULT_PLACEMENT),
  tokenOrigins: text('token-origins'),
  refreshLead: { attribute: 'refresh-lead', converter: (value) => Number(value ?? NaN) },
  engine: text('engine', 'auto'),
  playlistSigner: text('playlist-signer'),
  nanoplayerSrc: text('nanoplayer-src'),
  maxLiveLatency: {
    attribute: 'max-live-latency',
    converter: (value) => (value === null ? DEFAULT_MAX_LIVE_LATENCY_S : Number(value)),
  },
  liveCatchUp: text('live-catch-up', 'jump'),
  refreshMode: text('refresh-mode', 'eager'),
  audioOutput: text('audio-output'),
  cmcd: {},
  controls: {},
  loading: text('loading', 'eager'),
  startTime: { attribute: 'start-time', type: Number },
  remember: text('remember'),
  videoTitle: text('video-title'),
  // Reflected for the styles, which a property alone would not reach.
  theme: { reflect: true, useDefault: true },
  wait: { type: Boolean, reflect: true },
  source: { attribute: false },
  token: { attribute: false },
  tokenSource: { attribute: false },
  drm: { attribute: false },
  hlsConfig: { attribute: false },
  nanoPlayerConfig: { attribute: false },
  whepConfig: { attribute: false },
  // Only so that it is kept when a page sets it before the element is defined.
  srcObject: { attribute: false, noAccessor: true },
};
