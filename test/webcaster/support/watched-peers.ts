export interface WatchedPeers {
  /** The page's new peer connections, newest last. */
  readonly peers: readonly RTCPeerConnection[];
  /** Connections made while it is true find no address, as behind a firewall that blocks UDP. */
  isIceBlocked: boolean;
  stop(): void;
}

/** Collects the page's new peer connections until `stop()` is called. */
export function watchPeers(): WatchedPeers {
  const peers: RTCPeerConnection[] = [];
  const NativePeer = RTCPeerConnection;
  const watched: WatchedPeers = {
    peers,
    isIceBlocked: false,
    stop: () => {
      window.RTCPeerConnection = NativePeer;
    },
  };
  window.RTCPeerConnection = class extends NativePeer {
    constructor(configuration?: RTCConfiguration) {
      // There is no relay, so there are no candidates.
      super(watched.isIceBlocked ? { ...configuration, iceTransportPolicy: 'relay' } : configuration);
      peers.push(this);
    }
  };
  return watched;
}

/** Stops all media of a peer connection, which stays connected. */
export async function stopSending(peer: RTCPeerConnection): Promise<void> {
  for (const sender of peer.getSenders()) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = false;
    await sender.setParameters(parameters);
  }
}

/**
 * Makes a peer connection report that it is disconnected until ICE restarts, because a loopback interface cannot be
 * unplugged. The restart itself is real.
 */
export function pretendDisconnected(peer: RTCPeerConnection): void {
  Object.defineProperty(peer, 'connectionState', { configurable: true, value: 'disconnected' });
  const isBack = () => {
    Reflect.deleteProperty(peer, 'connectionState');
    peer.dispatchEvent(new Event('connectionstatechange'));
  };
  peer.addEventListener('signalingstatechange', () => {
    // The answer to the restart is set; from here on ICE reports its own state.
    if (peer.signalingState === 'stable') isBack();
  });
  peer.dispatchEvent(new Event('connectionstatechange'));
}

/** A statistics report of the given type. */
export async function readStat(peer: RTCPeerConnection, type: string): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> = {};
  (await peer.getStats()).forEach((stat: Record<string, unknown>) => {
    if (stat['type'] === type) found = stat;
  });
  return found;
}
