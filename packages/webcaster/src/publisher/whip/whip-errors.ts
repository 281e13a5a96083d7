import { GatecastError, readRetryAfterMs, type BroadcastErrorCode } from '@gatecast/token';
import type { ConnectionFault, SessionErrors } from '@gatecast/webrtc';
import { connectionLost } from '../publisher-errors.js';

/** The typed form of an error response to the POST. */
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
        `The ingest did not find the stream ${at}.`,
        'Check the attributes endpoint and stream.',
      );
    case 409:
      return make(
        'ingest-conflict',
        `Another broadcast already uses this stream ${at}.`,
        'End the other broadcast, or choose another stream.',
        // It may be an old session of this page, which the ingest ends in seconds.
        true,
      );
    case 400:
    case 406:
    case 415:
    case 422:
    case 488:
      return make(
        'ingest-refused',
        `The ingest does not accept what this browser offers ${at}.`,
        'Most ingests need H.264 and Opus: check codec, and whether this browser can send H.264.',
      );
    case 408:
    case 425:
    case 429:
    case 503:
      return make(
        'ingest-failed',
        `The ingest is busy ${at}.`,
        'The request is repeated after Retry-After.',
        true,
      );
    default:
      return status >= 500
        ? make(
            'ingest-failed',
            `The ingest failed ${at}.`,
            'The request is repeated. Check the ingest’s log for the reason.',
            true,
          )
        : make(
            'ingest-refused',
            `The ingest refused the broadcast ${at}.`,
            'Check the ingest’s log for the reason.',
          );
  }
}

function ingestUnreachable(cause: unknown): GatecastError {
  return new GatecastError('ingest-unreachable', 'The ingest is unreachable.', {
    hint: 'Check endpoint, the network and, for another origin, that the ingest’s CORS headers allow Authorization and Content-Type and expose Location, Link and ETag.',
    retryable: true,
    cause,
  });
}

/** The ingest did not respond to the offer in time. It is retried. */
function ingestTooSlow(limitMs: number): GatecastError {
  return new GatecastError(
    'ingest-unreachable',
    `The ingest did not respond within ${String(limitMs / 1000)} s.`,
    { hint: 'Check the network and the load of the ingest.', retryable: true },
  );
}

function redirectRefused(): GatecastError {
  return new GatecastError(
    'ingest-refused',
    'The ingest redirects to an origin that may not receive the token.',
    {
      hint: 'Add that origin to the attribute token-origins if you trust it. A token in a header other than Authorization follows no redirect.',
    },
  );
}

/** @param fault - what is wrong with the response. */
function invalidResponse(fault: string): GatecastError {
  return new GatecastError('ingest-response-invalid', `The ingest’s response cannot be used: ${fault}.`, {
    hint: 'Check that endpoint is the address of a WHIP endpoint, and the ingest’s log.',
  });
}

function connectionFault(fault: ConnectionFault, detail = 0): GatecastError {
  const messages: Readonly<Record<ConnectionFault, string>> = {
    failed: 'The media connection to the ingest failed.',
    slow: `The media connection to the ingest took longer than ${String(detail)} s.`,
    lost: 'The connection to the ingest is lost.',
    ended: 'The ingest ended the connection.',
    'no-restart': 'This ingest does not support ICE restarts.',
    'restart-refused': `The ingest did not restart the connection (HTTP ${String(detail)}).`,
  };
  return connectionLost(messages[fault]);
}

function iceServersRefused(cause: unknown): GatecastError {
  return new GatecastError('settings-invalid', 'The browser refuses publisherConfig.iceServers.', {
    hint: 'Each entry needs urls with stun:, turn: or turns:, and for TURN a username and a credential.',
    cause,
  });
}

/** The errors of a WHIP session. */
export const whipErrors: SessionErrors = {
  refused: ingestError,
  unreachable: ingestUnreachable,
  tooSlow: ingestTooSlow,
  redirectRefused,
  invalidResponse,
  connection: connectionFault,
  iceServersRefused,
};
