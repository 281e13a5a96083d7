import { streamNameOf } from '@gatecast/contract';

/** Address of the backend's playlist signer for a playlist. */
export function signedUrl(signer: string, playlistUrl: string, stream: string): string {
  const separator = signer.includes('?') ? '&' : '?';
  const name = stream === streamNameOf(playlistUrl) ? '' : `&stream=${encodeURIComponent(stream)}`;
  return `${signer}${separator}url=${encodeURIComponent(playlistUrl)}${name}`;
}
