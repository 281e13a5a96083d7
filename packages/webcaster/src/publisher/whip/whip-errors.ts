import { GatecastError, readRetryAfterMs, type BroadcastErrorCode } from '@gatecast/token';

/** The typed form of an answer to POST that is no 201. */
export function ingestError(response: Pick<Response, 'status' | 'headers'>): GatecastError {
  const { status } = response;
  const at = `(HTTP ${String(status)})`;
  const make = (code: BroadcastErrorCode, message: string, hint: string, retryable = false) =>
    new GatecastError(code, message, {
      hint,
      status,
      retryable,
      ...(retryable && { retryAfterMs: readRetryAfterMs(response.headers) }),
    });
  switch (status) {
    case 404:
    case 410:
      return make(
        'ingest-not-found',
        `There is no ingest at this address ${at}.`,
        'Check the attributes endpoint and stream.',
      );
    case 409:
      return make(
        'ingest-conflict',
        `Somebody else is sending this stream already ${at}.`,
        'End the other broadcast, or choose another stream.',
      );
    case 400:
    case 406:
    case 415:
    case 422:
    case 488:
      return make(
        'ingest-refused',
        `The ingest does not take what this browser offers ${at}.`,
        'Most ingests need H.264 and Opus: check codec, and whether this browser can send H.264.',
      );
    case 408:
    case 425:
    case 429:
    case 503:
      return make(
        'ingest-failed',
        `The ingest has no room at the moment ${at}.`,
        'It is tried again after the time it asks for.',
        true,
      );
    default:
      return status >= 500
        ? make('ingest-failed', `The ingest failed ${at}.`, 'It is tried again; look at its log.', true)
        : make(
            'ingest-refused',
            `The ingest refused the broadcast ${at}.`,
            'Look at its log for the reason.',
          );
  }
}

export function ingestUnreachable(cause: unknown): GatecastError {
  return new GatecastError('ingest-unreachable', 'The ingest cannot be reached.', {
    hint: 'Check endpoint, the network and, on another origin, that its CORS headers allow Authorization and Content-Type and expose Location, Link and ETag.',
    retryable: true,
    cause,
  });
}

export function redirectRefused(): GatecastError {
  return new GatecastError(
    'ingest-refused',
    'The ingest redirects to an origin that may not have the token.',
    {
      hint: 'Name that origin in the attribute token-origins if it is yours. A token in a header of another name than Authorization follows no redirect.',
    },
  );
}

export function connectionLost(message: string, cause?: unknown): GatecastError {
  return new GatecastError('connection-lost', message, {
    hint: 'Check that UDP to the ingest is open, or offer a TURN server by the ingest’s Link header or publisherConfig.iceServers.',
    retryable: true,
    ...(cause !== undefined && { cause }),
  });
}

export function webrtcUnsupported(): GatecastError {
  return new GatecastError('webrtc-unsupported', 'This browser has no WebRTC, so it cannot broadcast.', {
    hint: 'Use a current Chrome, Edge, Firefox or Safari.',
  });
}
