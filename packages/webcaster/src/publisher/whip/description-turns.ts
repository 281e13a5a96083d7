/**
 * Changes of the descriptions of a connection, one after the other: two offers at once would mix, and the second change would be
 * refused.
 */
export class DescriptionTurns {
  #turn: Promise<unknown> = Promise.resolve();

  /** Waits until the changes before this one are done. @throws what `change` throws. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/**
 * Applies the answer of the other side again, with a change that concerns only this side: that needs no word of the other side,
 * because all else stays as it was negotiated.
 *
 * @throws DOMException if the browser does not take it; the connection stays as it was.
 */
export async function reapplyAnswer(peer: RTCPeerConnection, edit: (sdp: string) => string): Promise<void> {
  const { signalingState, remoteDescription } = peer;
  // An offer of an ICE restart that has failed: the session is about to be replaced.
  if (signalingState !== 'stable' || remoteDescription?.type !== 'answer') return;
  const sdp = edit(remoteDescription.sdp);
  if (sdp === remoteDescription.sdp) return;
  try {
    await peer.setLocalDescription(await peer.createOffer());
    await peer.setRemoteDescription({ type: 'answer', sdp });
  } catch (error) {
    // A connection that was closed meanwhile needs nothing.
    if (isClosed(peer)) return;
    await peer.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
    throw error;
  }
}

function isClosed({ signalingState }: RTCPeerConnection): boolean {
  return signalingState === 'closed';
}
