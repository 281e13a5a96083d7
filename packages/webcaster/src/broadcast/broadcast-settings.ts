import type { TokenSettings } from '@gatecast/element';
import { GatecastError, parsePlacement, type Placement, type TokenValue } from '@gatecast/token';
import type { VideoCodec, WebcasterOptions } from '../element/webcaster-options.js';

/** How media is encoded. */
export interface EncodingSettings {
  readonly codec: VideoCodec;
  readonly videoBitrateKbps: number;
  readonly audioBitrateKbps: number;
  readonly framerate: number;
}

/** Where a broadcast goes to. */
export interface BroadcastTarget {
  /** Name that tokens are asked for. */
  readonly stream: string;
  /** Absolute address of the WHIP endpoint, or of the vendor's server. */
  readonly endpoint: string;
  readonly encoding: EncodingSettings;
  /** Absolute address of the vendor's script, if one is needed. */
  readonly scriptUrl: string | null;
  readonly config: Readonly<Record<string, unknown>>;
}

/** How a broadcast gets its tokens. */
export interface IngestTokenSettings extends TokenSettings {
  readonly stream: string;
  readonly token: TokenValue | null;
  readonly placement: Placement;
  /** Origins that may receive the token. */
  readonly origins: readonly string[];
}

/** The settings of one moment, read from attributes and properties. */
export interface BroadcastSettings {
  readonly target: BroadcastTarget;
  readonly tokens: IngestTokenSettings;
}

/**
 * Reads where a broadcast goes and how.
 *
 * @param baseUrl - the page's address, which relative ones belong to.
 * @throws GatecastError `settings-invalid` when `endpoint` is missing, or an attribute is malformed.
 */
export function readSettings(options: WebcasterOptions, baseUrl: string): BroadcastSettings {
  try {
    return read(options, baseUrl);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalid(cause.message, 'Correct the attribute that the message names.');
  }
}

function read(options: WebcasterOptions, baseUrl: string): BroadcastSettings {
  const stream = readString(options.stream) ?? streamOf(options.endpoint, baseUrl);
  const endpoint = readEndpoint(options.endpoint, stream, baseUrl);
  const scriptUrl = options.publisherSrc ?? readString(options.publisherConfig['src']);
  return {
    target: {
      stream,
      endpoint,
      encoding: {
        codec: options.codec,
        videoBitrateKbps: options.videoBitrate,
        audioBitrateKbps: options.audioBitrate,
        framerate: options.framerate,
      },
      scriptUrl: scriptUrl === null ? null : absoluteUrl(scriptUrl, 'publisher-src', baseUrl),
      config: options.publisherConfig,
    },
    tokens: {
      stream,
      token: options.token,
      tokenUrl: options.tokenUrl === null ? null : absoluteUrl(options.tokenUrl, 'token-url', baseUrl),
      tokenCredentials: options.tokenCredentials,
      tokenSource: options.tokenSource,
      refreshLeadSeconds: options.refreshLead,
      placement: parsePlacement(options.tokenPlacement),
      origins: [new URL(endpoint).origin, ...options.tokenOrigins.split(/\s+/).filter(Boolean)],
    },
  };
}

/** Have the parts changed that tokens depend on? */
export function isSameTokenSettings(a: IngestTokenSettings, b: IngestTokenSettings): boolean {
  return (
    a.stream === b.stream &&
    a.tokenUrl === b.tokenUrl &&
    a.tokenSource === b.tokenSource &&
    a.tokenCredentials === b.tokenCredentials &&
    a.refreshLeadSeconds === b.refreshLeadSeconds &&
    JSON.stringify([a.placement, a.origins]) === JSON.stringify([b.placement, b.origins])
  );
}

/** A WHIP address usually ends in the stream's name. */
function streamOf(endpoint: string | null, baseUrl: string): string {
  const path = endpoint === null ? '' : new URL(absoluteUrl(endpoint, 'endpoint', baseUrl)).pathname;
  const name = decodeURIComponent(path.split('/').filter(Boolean).at(-1) ?? '');
  if (name === '' || name === '{stream}')
    throw invalid('There is no stream name.', 'Set the attribute stream.');
  return name;
}

function readEndpoint(endpoint: string | null, stream: string, baseUrl: string): string {
  if (!endpoint) throw invalid('There is nowhere to send to.', 'Set the attribute endpoint to the WHIP URL.');
  return absoluteUrl(endpoint.replaceAll('{stream}', encodeURIComponent(stream)), 'endpoint', baseUrl);
}

function absoluteUrl(url: string, attribute: string, baseUrl: string): string {
  try {
    return new URL(url, baseUrl).href;
  } catch {
    throw invalid(`${attribute} is no address.`, `Set the attribute ${attribute} to a URL.`);
  }
}

function invalid(message: string, hint: string): GatecastError {
  return new GatecastError('settings-invalid', message, { hint });
}

function readString(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
