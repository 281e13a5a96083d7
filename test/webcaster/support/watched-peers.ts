/** Collects the page's new peer connections, newest last, until the returned function is called. */
export function watchPeers(): { readonly peers: readonly RTCPeerConnection[]; stop: () => void } {
  const peers: RTCPeerConnection[] = [];
  const NativePeer = RTCPeerConnection;
  class WatchedPeer extends NativePeer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  }
  window.RTCPeerConnection = WatchedPeer;
  return {
    peers,
    stop: () => {
      window.RTCPeerConnection = NativePeer;
    },
  };
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
