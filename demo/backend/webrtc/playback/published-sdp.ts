/**
 * Completes a description that werift wrote: all media of a session is multiplexed, and says so (WHEP, section 4.4.1), and
 * the feedback packets of RFC 5506 are allowed.
 */
export function publishedSdp(sdp: string): string {
  return sdp.replace(/^a=rtcp-mux\r?\n/gm, 'a=rtcp-mux\r\na=rtcp-mux-only\r\na=rtcp-rsize\r\n');
}
