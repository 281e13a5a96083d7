import { createServer } from 'node:http';
import { listen, portOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import type { UdpRelay } from '../network/udp-relay.js';

/** One line of an SDP: `a=candidate:<foundation> <component> udp <priority> <address> <port> typ host …` (RFC 8839, section 5.1). */
const HOST_CANDIDATE = /^(a=candidate:\S+ \d+ udp \d+ )(\d+(?:\.\d+){3}) (\d+)( typ host.*)$/i;

export interface NarrowIngest {
  /** In place of the backend's. */
  readonly origin: string;
  close(): Promise<void>;
}

/** The backend at another port, whose SDP names only the relay: media reaches the server through it. */
export async function startNarrowIngest(backendOrigin: string, relay: UdpRelay): Promise<NarrowIngest> {
  const server = createServer(
    toNodeHandler((request) =>
      pass(request, backendOrigin, relay).catch((error: unknown) => {
        // The page has left: nobody reads the response.
        if (request.signal.aborted) return new Response(null, { status: 499 });
        throw error;
      }),
    ),
  );
  await listen(server, 0, '127.0.0.1');
  return { origin: `http://127.0.0.1:${portOf(server)}`, close: () => stopServer(server) };
}

async function pass(request: Request, backendOrigin: string, relay: UdpRelay): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, signal } = request;
  const headers = new Headers(request.headers);
  for (const name of ['host', 'connection', 'content-length', 'accept-encoding']) headers.delete(name);
  const body = method === 'GET' || method === 'HEAD' ? null : await request.text();
  const response = await fetch(backendOrigin + pathname + search, { method, headers, body, signal });
  const { status } = response;
  const passed = new Headers(response.headers);
  passed.delete('content-length');
  if (!passed.get('content-type')?.startsWith('application/sdp'))
    return new Response(response.body, { status, headers: passed });
  return new Response(await narrowCandidates(await response.text(), relay), { status, headers: passed });
}

/** Other candidates, such as those of IPv6 and TCP, would lead past the relay. */
async function narrowCandidates(sdp: string, relay: UdpRelay): Promise<string> {
  const lines: string[] = [];
  for (const line of sdp.split('\r\n')) {
    const [, start, address, port, end] = HOST_CANDIDATE.exec(line) ?? [];
    if (address !== undefined) lines.push(`${start}127.0.0.1 ${await relay.reach(Number(port))}${end}`);
    else if (!line.startsWith('a=candidate')) lines.push(line);
  }
  return lines.join('\r\n');
}
