import { refreshReasons, tokenPurposes, type RefreshReason, type TokenPurpose } from '@gatecast/contract';
import type {
  ConnectMessage,
  EmbedCommand,
  EmbedProblem,
  EmbedState,
  FrameMessage,
  HostMessage,
} from './embed-messages.js';

// Messages come from another origin. Each reader returns null for what it does not know, and looks at each character at most once.

/** Longest token response that is read, in characters. Most of it is for the playlists in it. */
export const BODY_LIMIT = 4 * 1024 * 1024;
/** Longest other text, in characters. */
const TEXT_LIMIT = 8192;
/** Largest number of streams in one request. */
const STREAM_LIMIT = 256;

const JSON_TYPE = 'application/json';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, limit = TEXT_LIMIT): value is string =>
  typeof value === 'string' && value.length <= limit;
const isTextOrNone = (value: unknown): value is string | undefined => value === undefined || isText(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isStatus = (value: unknown): value is number =>
  isId(value) && (value === 0 || (value >= 200 && value <= 599));
const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T =>
  (values as readonly unknown[]).includes(value);

/** Reads the message that hands over a port. */
export function readConnect(data: unknown): ConnectMessage | null {
  if (!isFields(data) || data['gatecast'] !== 'embed' || data['type'] !== 'connect') return null;
  const { version, perStream } = data;
  return isId(version)
    ? { gatecast: 'embed', type: 'connect', version, perStream: perStream === true }
    : null;
}

/** Reads a message of the page around the frame. */
export function readHostMessage(data: unknown): HostMessage | null {
  if (!isFields(data) || !isId(data['id'])) return null;
  const { type, id } = data;
  if (type === 'token-response') {
    const { status, body } = data;
    // `null` is what `headers.get()` returns for a header that is missing.
    const contentType = data['contentType'] ?? JSON_TYPE;
    const retryAfter = data['retryAfter'] ?? '';
    const text = body ?? '';
    const isWhole = isStatus(status) && isText(text, BODY_LIMIT) && isText(contentType) && isText(retryAfter);
    return isWhole
      ? { type, id, status, body: text, contentType, retryAfter }
      : // The player need not wait for what was sent.
        { type, id, status: 0, body: '', contentType: JSON_TYPE, retryAfter: '' };
  }
  const command = type === 'command' ? readCommand(data['command']) : null;
  return command && { type: 'command', id, command };
}

function readCommand(data: unknown): EmbedCommand | null {
  if (!isFields(data)) return null;
  const { name, stream, src, whep, muted } = data;
  if (name === 'play' || name === 'pause') return { name };
  if (name === 'set-muted') return typeof muted === 'boolean' ? { name, muted } : null;
  if (!isTextOrNone(stream)) return null;
  if (name === 'refresh-token') return { name, stream };
  const hasAddress = isTextOrNone(src) && isTextOrNone(whep) && Boolean(src ?? whep);
  return name === 'load' && hasAddress ? { name, src, whep, stream } : null;
}

/** Reads a message of the frame. */
export function readFrameMessage(data: unknown): FrameMessage | null {
  if (!isFields(data)) return null;
  const { type, id, version } = data;
  if (type === 'connected' || type === 'version-refused') return isId(version) ? { type, version } : null;
  if (type === 'disconnected') return { type };
  if (type === 'token-request') return readTokenRequest(data);
  if (type === 'token-cancel') return isId(id) ? { type, id } : null;
  if (type === 'state') {
    const state = readState(data['state']);
    return state && { type, state };
  }
  return readReport(data);
}

function readTokenRequest({ id, purpose, streams, reason }: Fields): FrameMessage | null {
  const isWhole =
    isId(id) &&
    isOneOf<TokenPurpose>(tokenPurposes, purpose) &&
    isOneOf<RefreshReason>(refreshReasons, reason) &&
    Array.isArray(streams) &&
    streams.length > 0 &&
    streams.length <= STREAM_LIMIT &&
    streams.every((stream) => isText(stream));
  return isWhole ? { type: 'token-request', id, purpose, streams: [...streams], reason } : null;
}

function readReport({
  type,
  id,
  stream,
  reason,
  expiresAtMs = null,
  willRetryInMs = null,
  problem,
}: Fields): FrameMessage | null {
  const read = readProblem(problem);
  if (type === 'result') return isId(id) ? { type, id, problem: read } : null;
  if (type === 'error') return read && { type, problem: read };
  if (!isText(stream)) return null;
  if (type === 'token-refreshed')
    return isText(reason) && isNumberOrNull(expiresAtMs) ? { type, stream, reason, expiresAtMs } : null;
  return type === 'token-failed' && read && isNumberOrNull(willRetryInMs)
    ? { type, stream, problem: read, willRetryInMs }
    : null;
}

const isNumberOrNull = (value: unknown): value is number | null => value === null || isNumber(value);

function readProblem(data: unknown): EmbedProblem | null {
  if (!isFields(data)) return null;
  const { code, message, hint, retryable, status = null } = data;
  return isText(code) && isText(message) && isText(hint) && isNumberOrNull(status)
    ? { code, message, hint, retryable: retryable === true, status }
    : null;
}

function readState(data: unknown): EmbedState | null {
  if (!isFields(data)) return null;
  const { paused, ended, muted, volume, currentTime, duration = null, readyState } = data;
  const isWhole = isNumber(volume) && isNumber(currentTime) && isNumberOrNull(duration) && isId(readyState);
  return isWhole
    ? {
        paused: paused === true,
        ended: ended === true,
        muted: muted === true,
        volume,
        currentTime,
        duration,
        readyState,
      }
    : null;
}
