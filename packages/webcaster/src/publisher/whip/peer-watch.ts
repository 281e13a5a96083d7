import { startDeadline, type Clock } from '@gatecast/token';
import type { SessionEvents } from '../publisher.js';
import { connectionLost } from '../publisher-errors.js';

/**
 * Resolves when the connection is established, so that media can flow.
 *
 * @throws GatecastError `connection-lost` when the attempt fails or takes too long. Otherwise the signal's reason.
 */
export function whenConnected(
  peer: RTCPeerConnection,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
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
        settle(connectionLost('The media connection to the ingest failed.'));
      }
    };
    const giveUp = () => {
      settle(
        deadline.isOver
          ? connectionLost(`The media connection to the ingest took longer than ${String(limitMs / 1000)} s.`)
          : (signal.reason as Error),
      );
    };
    peer.addEventListener('connectionstatechange', look);
    deadline.signal.addEventListener('abort', giveUp);
    if (deadline.signal.aborted) giveUp();
    else look();
  });
}

/** Reports changes of an open connection until the signal aborts. */
export function watchPeer(peer: RTCPeerConnection, events: SessionEvents, signal: AbortSignal): void {
  peer.addEventListener(
    'connectionstatechange',
    () => {
      switch (peer.connectionState) {
        case 'disconnected':
          events.onInterrupted();
          break;
        case 'failed':
        case 'closed':
          events.onLost(connectionLost('The connection to the ingest is lost.'));
          break;
        case 'new':
        case 'connecting':
        case 'connected':
      }
    },
    { signal },
  );
  const [transport] = peer.getSenders().map((sender) => sender.transport);
  // An ingest that ends a session closes DTLS; the connection state follows seconds later, or never.
  transport?.addEventListener(
    'statechange',
    () => {
      if (transport.state === 'closed' || transport.state === 'failed') {
        events.onLost(connectionLost('The ingest ended the connection.'));
      }
    },
    { signal },
  );
}
