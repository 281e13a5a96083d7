import { startDeadline, type Clock } from '@gatecast/token';
import type { SessionErrors } from './session-context.js';

type Errors = Pick<SessionErrors, 'connection'>;

/** Callbacks of an open connection. */
export interface PeerEvents {
  /** Media no longer flows, but the session may be repaired. */
  onInterrupted(): void;
  /** The session is over. `hasEnded`: its server has ended it. */
  onLost(error: Error, hasEnded: boolean): void;
}

export interface ConnectLimits {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * Resolves when the connection is established, so that media can flow.
 *
 * @throws GatecastError `connection` of the errors when the attempt fails or takes too long. Otherwise the signal's reason.
 */
export function whenConnected(
  peer: RTCPeerConnection,
  errors: Errors,
  { clock, limitMs, signal }: ConnectLimits,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = startDeadline(clock, limitMs, signal);
    const settle = (error?: Error) => {
      peer.removeEventListener('connectionstatechange', look);
      deadline.signal.removeEventListener('abort', giveUp);
      deadline.end();
      if (error) reject(error);
      else resolve();
    };
    const look = () => {
      if (peer.connectionState === 'connected') settle();
      else if (peer.connectionState === 'failed' || peer.connectionState === 'closed') {
        settle(errors.connection('failed'));
      }
    };
    const giveUp = () => {
      settle(deadline.isOver ? errors.connection('slow', limitMs / 1000) : (signal.reason as Error));
    };
    peer.addEventListener('connectionstatechange', look);
    deadline.signal.addEventListener('abort', giveUp);
    if (deadline.signal.aborted) giveUp();
    else look();
  });
}

/** Reports changes of an open connection until the signal aborts. */
export function watchPeer(
  peer: RTCPeerConnection,
  errors: Errors,
  events: PeerEvents,
  signal: AbortSignal,
): void {
  peer.addEventListener(
    'connectionstatechange',
    () => {
      switch (peer.connectionState) {
        case 'disconnected':
          events.onInterrupted();
          break;
        case 'failed':
        case 'closed':
          events.onLost(errors.connection('lost'), false);
          break;
        case 'new':
        case 'connecting':
        case 'connected':
      }
    },
    { signal },
  );
  const transport = [...peer.getSenders(), ...peer.getReceivers()].find((each) => each.transport)?.transport;
  // A server that ends a session closes DTLS; the connection state follows seconds later, or never.
  transport?.addEventListener(
    'statechange',
    () => {
      if (transport.state === 'closed' || transport.state === 'failed') {
        events.onLost(errors.connection('ended'), true);
      }
    },
    { signal },
  );
}
