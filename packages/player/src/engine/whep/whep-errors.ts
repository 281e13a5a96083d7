import { GatecastError, readRetryAfterMs, type PlayerErrorCode } from '@gatecast/token';
import type { ConnectionFault, SessionErrors } from '@gatecast/webrtc';

type RefusedResponse = Pick<Response, 'status' | 'headers'>;

/** The typed form of an error response of the server. */
export function refusedByServer({ status, headers }: RefusedResponse): GatecastError {
  const at = `(HTTP ${String(status)})`;
  const make = (code: PlayerErrorCode, message: string, hint: string, retryable = false) =>
    new GatecastError(code, `${message} ${at}.`, {
      hint,
      status,
      retryable,
      retryAfterMs: readRetryAfterMs(headers),
    });
  switch (status) {
    case 404:
    case 410:
      return make(
        'source-not-found',
        'The WHEP server has no such stream',
        'Check src, and whether the stream has started. With the attribute wait the player waits for it.',
      );
    case 409:
      return make(
        'source-not-found',
        'Nobody sends this stream at the moment',
        'The player asks again after Retry-After.',
        true,
      );
    case 406:
    case 415:
    case 422:
    case 488:
      return make(
        'codec-unsupported',
        'The WHEP server does not accept what this browser can receive',
        'Most servers pass on H.264 or VP8 with Opus: check the codecs of the broadcast.',
      );
    case 401:
    case 403:
      return make(
        'source-failed',
        'The WHEP server refused the viewer',
        'The request had no token: check token-placement, token-origins and where the page gets tokens.',
      );
    case 200:
      return make(
        'source-failed',
        'A web page responds instead of the WHEP server',
        'Check that src is the address of a WHEP endpoint.',
      );
    default: {
      const passes = status >= 500 || [408, 425, 429].includes(status);
      const hint = passes ? 'The request is repeated.' : 'Check that src is the address of a WHEP endpoint.';
      return make('source-failed', 'The WHEP server refused the request', hint, passes);
    }
  }
}

function passing(message: string, hint: string, cause?: unknown): GatecastError {
  return new GatecastError('source-unreachable', message, { hint, retryable: true, cause });
}

/** Connected, but no packet comes. */
export function noMedia(): GatecastError {
  return new GatecastError('source-not-found', 'The WHEP server sends no media.', {
    hint: 'Check whether the broadcast runs, and its codecs.',
    retryable: true,
  });
}

/** The server takes the sound of the offer only, and HLS may have a picture. */
export function refusedPicture(): GatecastError {
  return new GatecastError(
    'codec-unsupported',
    'The WHEP server refuses the picture of this browser’s offer.',
    {
      hint: 'Check the codecs of the broadcast. If it has sound only, set whepConfig.audioOnly.',
    },
  );
}

export function missingWebrtc(): GatecastError {
  return new GatecastError('engine-unsupported', 'This browser has no WebRTC.', {
    hint: 'Give the entry an HLS address, too ("hls"), and set engine="auto".',
  });
}

/** The server sent SDP that the browser does not take. */
export function unusableAnswer(cause: unknown): GatecastError {
  return new GatecastError('source-invalid', 'The WHEP server’s SDP cannot be used.', {
    hint: 'Check the codecs of the broadcast and the log of the server.',
    // Only the name: browsers quote the SDP in their message, and a server may have put a secret there.
    cause: cause instanceof Error ? cause.name : undefined,
  });
}

const NETWORK_HINT =
  'Check whether the network lets UDP through. If not, the server needs TURN, or give the entry an HLS address, too ("hls").';

function connectionFault(fault: ConnectionFault, detail = 0): GatecastError {
  const messages: Readonly<Record<ConnectionFault, string>> = {
    failed: 'The media connection to the WHEP server failed.',
    slow: `The media connection to the WHEP server took longer than ${String(detail)} s.`,
    lost: 'The connection to the WHEP server is lost.',
    ended: 'The WHEP server ended the connection.',
    'no-restart': 'This WHEP server does not support ICE restarts.',
    'restart-refused': `The WHEP server did not restart the connection (HTTP ${String(detail)}).`,
  };
  return passing(messages[fault], NETWORK_HINT);
}

/** The errors of a WHEP session. */
export const whepErrors: SessionErrors = {
  refused: refusedByServer,
  unreachable: (cause) =>
    passing(
      'The WHEP server cannot be reached.',
      'Check src, the network and, for another origin, that CORS headers allow Authorization and Content-Type and expose Location, Link and ETag.',
      cause,
    ),
  tooSlow: (limitMs) =>
    passing(
      `The WHEP server did not respond within ${String(limitMs / 1000)} s.`,
      'Check the network and the load of the server.',
    ),
  redirectRefused: () =>
    new GatecastError(
      'source-failed',
      'The WHEP server redirects to an origin that may not receive the token.',
      {
        hint: 'Add that origin to the attribute token-origins if you trust it. A token in a header other than Authorization follows no redirect.',
      },
    ),
  invalidResponse: (fault) =>
    new GatecastError('source-invalid', `The WHEP server’s response cannot be used: ${fault}.`, {
      hint: 'Check that src is the address of a WHEP endpoint, and the log of the server.',
    }),
  connection: connectionFault,
  iceServersRefused: (cause) =>
    new GatecastError('option-invalid', 'The browser refuses whepConfig.iceServers.', {
      hint: 'Each entry needs urls with stun:, turn: or turns:, and for TURN a username and a credential.',
      cause,
    }),
};
