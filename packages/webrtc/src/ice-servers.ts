import { iceServersOf } from './link-header.js';
import type { SessionContext } from './session-context.js';

/**
 * Creates a peer connection with the page’s own STUN and TURN servers.
 *
 * @throws GatecastError `iceServersRefused` of the errors if the browser refuses them.
 */
export function createPeer(
  iceServers: unknown,
  errors: Pick<SessionContext['errors'], 'iceServersRefused'>,
): RTCPeerConnection {
  try {
    return new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers: Array.isArray(iceServers) ? (iceServers as RTCIceServer[]) : [],
    });
  } catch (cause) {
    // Only the name: browsers quote the entry in their message.
    throw errors.iceServersRefused(cause instanceof Error ? cause.name : undefined);
  }
}

/**
 * Adds the servers of the response’s `Link` headers. One that cannot be used is left out and logged, because the connection
 * may not need it.
 */
export function addIceServers(
  peer: RTCPeerConnection,
  link: string | null,
  { log, protocol }: Pick<SessionContext, 'log' | 'protocol'>,
): void {
  for (const server of iceServersOf(link)) {
    const [scheme] = String(server.urls).split(':');
    if (lacksCredentials(server)) {
      // Not left to the browser: some accept such a server, and fail later.
      log(`${protocol}-ice-server-skipped`, { scheme, reason: 'no username or credential' });
      continue;
    }
    const configuration = peer.getConfiguration();
    const iceServers = [...(configuration.iceServers ?? []), server];
    try {
      peer.setConfiguration({ ...configuration, iceServers });
    } catch {
      log(`${protocol}-ice-server-skipped`, { scheme, reason: 'refused by the browser' });
    }
  }
}

/** A TURN server needs both, and neither may be empty. */
export function lacksCredentials({ urls, username, credential }: RTCIceServer): boolean {
  return /^turns?:/i.test(String(urls)) && !(username && credential);
}
