import { GatecastError, type BroadcastErrorCode } from '@gatecast/token';

/** The server refused the request, or is unreachable. */
const REQUEST_FAILED = 11001;
const SERVER_FAILED = 10003;

/** The HTTP status, which the vendor's client only puts into its message; `null` without one. */
export function statusInMessage(cause: unknown): number | null {
  const [, status] = /\b([45]\d\d)\b/.exec(messageOf(cause)) ?? [];
  return status ? Number(status) : null;
}

/** Did the server refuse the token? */
export function isTokenRefusal(cause: unknown): boolean {
  const status = statusInMessage(cause);
  return codeOf(cause) === REQUEST_FAILED && (status === 401 || status === 403);
}

/** The media connection is lost, or was never established. The client takes no ICE servers of the page. */
export function vendorConnectionLost(message: string): GatecastError {
  return new GatecastError('connection-lost', message, {
    hint: 'Check that firewalls between browser and vendor let UDP through. The vendor’s client takes no TURN server from the page.',
    retryable: true,
  });
}

/** The typed form of what the vendor's client throws. */
export function webcasterV6Error(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  const vendorCode = codeOf(cause);
  const status = statusInMessage(cause) ?? undefined;
  const make = (code: BroadcastErrorCode, message: string, hint: string, retryable: boolean) =>
    new GatecastError(code, message, { hint, retryable, status, vendorCode, cause });
  if (vendorCode === SERVER_FAILED || (status !== undefined && status >= 500)) {
    return make('ingest-failed', 'The vendor’s server failed.', 'The broadcast reconnects.', true);
  }
  if (vendorCode === REQUEST_FAILED) {
    switch (status) {
      case undefined:
        return make(
          'ingest-unreachable',
          'The vendor’s server is unreachable.',
          'Check the attribute endpoint and the network.',
          true,
        );
      case 404:
        return make(
          'ingest-not-found',
          'The vendor’s server did not find the stream.',
          'Check the attribute stream and publisherConfig.ingestUrl.',
          false,
        );
      case 409:
        return make(
          'ingest-conflict',
          'Another broadcast already uses this stream.',
          'End the other broadcast.',
          true,
        );
      default:
        return make(
          'ingest-refused',
          'The vendor’s server refused the broadcast.',
          'See the error’s status and cause.',
          false,
        );
    }
  }
  return make(
    'vendor-publisher-failed',
    'The vendor’s client failed.',
    'Look up vendorCode in the vendor’s list of error codes.',
    false,
  );
}

function codeOf(cause: unknown): number | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? Number(cause.code) : NaN;
  return Number.isNaN(code) ? undefined : code;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}
