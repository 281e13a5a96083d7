import { GatecastError, noTokenSource } from '@gatecast/token';
import { classifyVendorCode, type VendorCodeClass } from './vendor-codes.js';

/** A secure stream in a configuration without a token. */
const NO_TOKEN = 5006;

/** The error for refused fresh tokens, with the vendor's code. */
export function tokensRefused(vendorCode: number): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s server refuses fresh tokens too (code ${vendorCode}).`,
    {
      hint: 'Check that the token’s stream, domain and tag match what the page plays, and that its key is the one in the vendor’s dashboard.',
      vendorCode,
    },
  );
}

/** The error for connections that all fail, also with a fresh token. */
export function connectionsFail(vendorCode: number): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s server accepts no connection (code ${vendorCode}).`,
    {
      hint: 'A browser does not say why a WebSocket fails. Check, in this order: the network and its firewall; the address in h5live.server.websocket; whether the server is up; whether it refuses the token (stream, domain, tag, key). The player continues to try.',
      retryable: true,
      vendorCode,
    },
  );
}

/** The error for a stream that has not begun. */
export function notOnAir(vendorCode: number): GatecastError {
  return new GatecastError('source-not-found', `The stream is not on air (code ${vendorCode}).`, {
    hint: 'Check the stream’s name in h5live.rtmp.streamname, and whether its broadcast has started. The player starts when it does.',
    retryable: true,
    vendorCode,
  });
}

/** The error for a next source that has not begun, while the old one plays on. */
export function nextNotOnAir(vendorCode: number): GatecastError {
  return new GatecastError('source-not-found', `The next stream is not on air (code ${vendorCode}).`, {
    hint: 'Check the stream’s name in h5live.rtmp.streamname. Call updateSource again when its broadcast has started.',
    retryable: true,
    vendorCode,
  });
}

/** The error for a server that wants a token, while the page says nowhere where tokens come from. */
export function tokenMissing(vendorCode: number): GatecastError {
  return noTokenSource({
    message: `The vendor’s server plays this stream only with a token (code ${vendorCode}).`,
    status: undefined,
    vendorCode,
  });
}

/** The error for any other failure of the vendor's player. */
export function vendorFailed(vendorCode: number | undefined, cause?: unknown): GatecastError {
  if (vendorCode === NO_TOKEN) return tokenMissing(vendorCode);
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s player failed${vendorCode === undefined ? '' : ` (code ${vendorCode})`}.`,
    {
      hint: hintFor(vendorCode),
      retryable: vendorCode !== undefined && PASSING.has(classifyVendorCode(vendorCode)),
      vendorCode,
      cause,
    },
  );
}

/** The error for a failed `setup`, which rejects with a vendor code or with a plain error. */
export function setupFailed(error: unknown): GatecastError {
  const value = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const code = typeof value === 'number' ? value : undefined;
  const isOffAir = code !== undefined && classifyVendorCode(code) === 'off-air';
  return isOffAir ? notOnAir(code) : vendorFailed(code, error);
}

/** Classes of failures that another attempt may not repeat. */
const PASSING: ReadonlySet<VendorCodeClass> = new Set(['handshake', 'passing', 'media', 'off-air']);

const HINTS: ReadonlyMap<number, string> = new Map([
  [1006, 'Correct nanoPlayerConfig.tweaks.buffer.'],
  [4400, 'Check h5live.rtmp and h5live.params of each entry.'],
  [4900, 'The vendor’s security service has a fault. The player continues to try.'],
  [4904, 'The vendor’s security service does not respond. The player continues to try.'],
  [
    5004,
    'Set h5live.server.websocket and h5live.rtmp on each entry; plain HLS URLs play with engine="auto".',
  ],
  [5005, 'Set h5live.rtmp.url and h5live.rtmp.streamname on each entry.'],
  [5007, 'Set h5live.server.websocket on each entry.'],
  [5008, 'Set h5live.server.hls on each entry.'],
]);

function hintFor(code: number | undefined): string {
  const hint = code === undefined ? undefined : HINTS.get(code);
  return hint ?? 'See the vendor’s list of error codes; diagnostics() lists the events before the failure.';
}
