import type { TokenSettings } from '@gatecast/element';
import {
  GatecastError,
  parseOrigins,
  parsePlacement,
  type Placement,
  type TokenValue,
} from '@gatecast/token';
import { readAudioMode, type CaptureRequest } from '../capture/capture-request.js';
import type { WebcasterOptions } from '../element/webcaster-options.js';
import type { BroadcastTarget, DegradationPreference } from '../publisher/broadcast-target.js';

/** How a broadcast gets its tokens. */
export interface IngestTokenSettings extends TokenSettings {
  readonly stream: string;
  /** The page's own token, used first. */
  readonly token: TokenValue | null;
  readonly placement: Placement;
  /** Origins that may receive the token. */
  readonly origins: readonly string[];
}

/** Where a broadcast goes and how it gets its tokens, read from attributes and properties. */
export interface BroadcastSettings {
  readonly target: BroadcastTarget;
  readonly tokens: IngestTokenSettings;
  /** Absolute URL that takes test uploads; `null` without one. */
  readonly uploadTestUrl: string | null;
  /** Absolute URL that says whether the stream is on air; `null` without one. */
  readonly statusUrl: string | null;
}

/**
 * Reads the settings of a broadcast.
 *
 * @param baseUrl - the URL of the page, which relative URLs are resolved against.
 * @param captured - what is captured now: until the user has chosen a screen, the camera is still sent.
 *   @defaultValue what the options ask for
 * @throws GatecastError `settings-invalid` when `endpoint` is missing, or an attribute is malformed.
 */
export function readSettings(
  options: WebcasterOptions,
  baseUrl: string,
  captured: Captured | null = null,
): BroadcastSettings {
  const { capture: kind, mediaStream: media } = options;
  try {
    return read(options, baseUrl, captured ?? { kind, media });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalid(cause.message, 'Correct the attribute that the message names.');
  }
}

type Captured = Pick<CaptureRequest, 'kind' | 'media'>;

function read(options: WebcasterOptions, baseUrl: string, captured: Captured): BroadcastSettings {
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
        audioBitrateKbps: audioBitrateOf(options),
        audioMode: readAudioMode(options),
        framerate: options.framerate,
        degradationPreference: readDegradationPreference(options, captured),
        simulcast: options.simulcast ?? false,
      },
      allowsPartial: options.allowPartial ?? false,
      scriptUrl: scriptUrl === null ? null : absoluteUrl(scriptUrl, 'publisher-src', baseUrl),
      config: options.publisherConfig,
    },
    tokens: {
      stream,
      token: options.token,
      tokenUrl: options.tokenUrl === null ? null : absoluteUrl(options.tokenUrl, 'token-url', baseUrl),
      tokenCredentials: options.tokenCredentials,
      dpop: options.dpop,
      tokenSession: options.tokenSession ?? undefined,
      tokenSource: options.tokenSource,
      refreshLeadSeconds: options.refreshLead,
      placement: parsePlacement(options.tokenPlacement),
      origins: [new URL(endpoint).origin, ...parseOrigins(options.tokenOrigins)],
    },
    uploadTestUrl: optionalUrl(options.uploadTestUrl, 'upload-test-url', stream, baseUrl),
    statusUrl: optionalUrl(options.statusUrl, 'status-url', stream, baseUrl),
  };
}

/** Text on a screen must stay readable; elsewhere the browser may choose. */
function readDegradationPreference(
  { degradationPreference = 'auto' }: WebcasterOptions,
  { kind, media }: Captured,
): DegradationPreference {
  if (degradationPreference !== 'auto') return degradationPreference;
  return !media && kind.includes('screen') ? 'maintain-resolution' : 'balanced';
}

/** Two channels of music need twice as much as one voice. */
const AUDIO_BITRATES_KBPS = { speech: 128, music: 256 };

/** Upper limit in kbit/s. */
export function audioBitrateOf(options: Pick<WebcasterOptions, 'audioBitrate' | 'audioMode'>): number {
  return options.audioBitrate ?? AUDIO_BITRATES_KBPS[readAudioMode(options)];
}

/** Do both settings use the same tokens? */
export function isSameTokenSettings(a: IngestTokenSettings, b: IngestTokenSettings): boolean {
  return (
    a.stream === b.stream &&
    a.tokenUrl === b.tokenUrl &&
    a.tokenSource === b.tokenSource &&
    a.tokenCredentials === b.tokenCredentials &&
    a.dpop === b.dpop &&
    a.tokenSession === b.tokenSession &&
    a.refreshLeadSeconds === b.refreshLeadSeconds &&
    JSON.stringify([a.placement, a.origins]) === JSON.stringify([b.placement, b.origins])
  );
}

/** A WHIP URL usually ends with the stream name. */
function streamOf(endpoint: string | null, baseUrl: string): string {
  const path = endpoint === null ? '' : new URL(absoluteUrl(endpoint, 'endpoint', baseUrl)).pathname;
  const name = decodeName(path.split('/').filter(Boolean).at(-1) ?? '');
  if (name === '' || name === '{stream}')
    throw invalid('The name of the stream is missing.', 'Set the attribute stream.');
  return name;
}

function decodeName(name: string): string {
  try {
    // A URL may contain "%" without digits after it, which is not an escape.
    return decodeURIComponent(name.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    // The bytes are not UTF-8.
    return name;
  }
}

function readEndpoint(endpoint: string | null, stream: string, baseUrl: string): string {
  if (!endpoint)
    throw invalid(
      'The attribute endpoint is missing.',
      'Set endpoint to the WHIP URL, or to the vendor’s server.',
    );
  return absoluteUrl(forStream(endpoint, stream), 'endpoint', baseUrl);
}

function optionalUrl(value: unknown, attribute: string, stream: string, baseUrl: string): string | null {
  const url = readString(value);
  return url === null ? null : absoluteUrl(forStream(url, stream), attribute, baseUrl);
}

function forStream(url: string, stream: string): string {
  return url.replaceAll('{stream}', encodeURIComponent(stream));
}

function absoluteUrl(url: string, attribute: string, baseUrl: string): string {
  try {
    return new URL(url, baseUrl).href;
  } catch {
    throw invalid(`${attribute} is not a valid URL.`, `Set the attribute ${attribute} to a URL.`);
  }
}

function invalid(message: string, hint: string): GatecastError {
  return new GatecastError('settings-invalid', message, { hint });
}

function readString(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
