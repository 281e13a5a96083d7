/** What a viewer saw. */
export interface Seen {
  readonly pictures: number;
  readonly width: number;
}

/**
 * Runs in a page: plays by WHEP, by an offer of the server, until pictures move, then ends the session. It shares no code with
 * Gatecast, so it checks what a server sends on.
 */
export async function viewPlainly({ endpoint, token }: { endpoint: string; token: string }): Promise<Seen> {
  const authorization = { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': 'application/sdp', ...authorization };
  const asker = new RTCPeerConnection();
  asker.addTransceiver('video', { direction: 'recvonly' });
  asker.addTransceiver('audio', { direction: 'recvonly' });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers,
    body: (await asker.createOffer()).sdp ?? '',
  });
  asker.close();
  if (response.status !== 406) throw new Error(`The WHEP endpoint made no offer (HTTP ${response.status}).`);
  const resource = new URL(response.headers.get('Location') ?? '', endpoint).href;
  const peer = new RTCPeerConnection();
  await peer.setRemoteDescription({ type: 'offer', sdp: await response.text() });
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 20));
  await fetch(resource, { method: 'PATCH', headers, body: peer.localDescription?.sdp ?? '' });
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream(peer.getReceivers().map(({ track }) => track));
  document.body.append(video);
  void video.play();
  const endsAtMs = performance.now() + 30_000;
  let pictures = 0;
  while (pictures < 10 && performance.now() < endsAtMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    pictures = video.getVideoPlaybackQuality().totalVideoFrames;
  }
  const width = video.videoWidth;
  video.remove();
  peer.close();
  await fetch(resource, { method: 'DELETE', headers: authorization });
  return { pictures, width };
}
