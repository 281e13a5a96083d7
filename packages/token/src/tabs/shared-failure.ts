import { GatecastError, type ErrorCode } from '../errors.js';
import { isRecord } from '../source/response-faults.js';

/** An error of a token request, without its cause. Its texts are redacted already. */
export interface SharedFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly vendorCode?: number | string | undefined;
}

/** Codes of token requests. Others are about this page. */
const CODES: readonly ErrorCode[] = [
  'token-endpoint-unreachable',
  'token-endpoint-timeout',
  'token-endpoint-failed',
  'token-refused',
  'token-source-failed',
  'token-response-invalid',
  'token-response-too-large',
  'token-stream-missing',
  'token-time-unit',
  'token-expired',
  'token-not-yet-valid',
  'token-unchanged',
];
const MAX_TEXT = 1000;

/** An error as other tabs get it; `null` if it concerns this page alone. */
export function writeSharedFailure(error: GatecastError): SharedFailure | null {
  const { code, message, hint, retryable, status, retryAfterMs, vendorCode } = error;
  if (!CODES.includes(code)) return null;
  const texts = { message: message.slice(0, MAX_TEXT), hint: hint.slice(0, MAX_TEXT) };
  return { code, ...texts, retryable, status, retryAfterMs, vendorCode };
}

export function readSharedFailure(value: unknown): SharedFailure | null {
  if (!isRecord(value)) return null;
  const { message, hint, retryable, status, retryAfterMs, vendorCode } = value;
  const code = CODES.find((each) => each === value['code']);
  if (!code || !isText(message) || !isText(hint) || typeof retryable !== 'boolean') return null;
  if (!isOptionalNumber(status) || !isOptionalNumber(retryAfterMs)) return null;
  if (!isOptionalNumber(vendorCode) && !isText(vendorCode)) return null;
  return { code, message, hint, retryable, status, retryAfterMs, vendorCode };
}

/** @param waitMs - how long no tab should ask again; only used if the server named a time, too. */
export function errorOf({ code, message, ...rest }: SharedFailure, waitMs = 0): GatecastError {
  const { retryAfterMs } = rest;
  return new GatecastError(code, message, {
    ...rest,
    retryAfterMs: retryAfterMs === undefined ? undefined : waitMs || retryAfterMs,
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isOptionalNumber(value: unknown): value is number | undefined {
  return value === undefined || (Number.isFinite(value) && (value as number) >= 0);
}
