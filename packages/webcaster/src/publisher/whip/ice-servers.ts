import { GatecastError } from '@gatecast/token';
import type { PublisherContext } from '../publisher.js';
import { parseIceServers } from './link-header.js';

/**
 * Creates a peer connection with the servers of `publisherConfig.iceServers`.
 *
 * @throws GatecastError `settings-invalid` if the browser refuses them.
 */
export function createPeer(iceServers: unknown): RTCPeerConnection {
  try {
    return new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers: Array.isArray(iceServers) ? (iceServers as RTCIceServer[]) : [],
    });
  } catch (cause) {
    throw new GatecastError('settings-invalid', 'The browser refuses publisherConfig.iceServers.', {
      hint: 'Each entry needs urls with stun:, turn: or turns:, and for TURN a username and a credential.',
      // Only the name: browsers quote the entry in their message.
      cause: cause instanceof Error ? cause.name : undefined,
    });
  }
}

/**
 * Adds the servers of the ingest's `Link` headers. One that cannot be used is left out and logged, because the connection
 * may not need it.
 */
export function addIceServers(
  peer: RTCPeerConnection,
  link: string | null,
  log: PublisherContext['log'],
): void {
  for (const server of parseIceServers(link)) {
    const [scheme] = String(server.urls).split(':');
    if (lacksCredentials(server)) {
      // Not left to the browser: some accept such a server, and fail later.
      log('whip-ice-server-skipped', { scheme, reason: 'no username or credential' });
      continue;
    }
    const configuration = peer.getConfiguration();
    const iceServers = [...(configuration.iceServers ?? []), server];
    try {
      peer.setConfiguration({ ...configuration, iceServers });
    } catch {
      log('whip-ice-server-skipped', { scheme, reason: 'refused by the browser' });
    }
  }
}

/** A TURN server needs both, and neither may be empty. */
export function lacksCredentials({ urls, username, credential }: RTCIceServer): boolean {
  return /^turns?:/i.test(String(urls)) && !(username && credential);
}
