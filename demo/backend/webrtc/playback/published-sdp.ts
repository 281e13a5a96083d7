/**
 * Completes a description that werift wrote: all media of a session uses one port (`rtcp-mux-only`, WHEP section 4.4.1), and
 * small feedback packets are allowed (RFC 5506).
 */
export function publishedSdp(sdp: string): string {
  return sdp.replace(/^a=rtcp-mux\r?\n/gm, 'a=rtcp-mux\r\na=rtcp-mux-only\r\na=rtcp-rsize\r\n');
}
