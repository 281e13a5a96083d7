import type { ResolvedEntry } from './resolve-source.js';
import { reroute } from './vendor-network.js';

/** The address of a connection. Seen: 5.0.8, 4.31.1; the place of `flags` among the fields is the double's. */
export function connectionAddress({ h5live }: ResolvedEntry, startsFast: boolean): string {
  const ids = { cid: randomId(1e6), pid: randomId(1e10) };
  const flags = startsFast ? { flags: 'faststart' } : {};
  const fields = { ...h5live.params, ...ids, ...flags, ...tokenFields(h5live.security ?? {}) };
  return addressOf(h5live, fields);
}

/** The address of the probe at setup, which has no token. Seen: 5.0.8. */
export function probeAddress({ h5live }: ResolvedEntry): string {
  return addressOf(h5live, {});
}

function addressOf(
  { server, rtmp }: ResolvedEntry['h5live'],
  fields: Readonly<Record<string, string>>,
): string {
  const query = Object.entries({ url: rtmp.url, stream: rtmp.streamname, ...fields });
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${reroute(server.websocket)}?${text}`;
}

/** Numbers and empty strings are left out without a warning. Seen: 5.0.8. */
function tokenFields(security: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = security['jwtoken'] ? ['jwtoken'] : ['token', 'expires', 'tag', 'options'];
  const fields = names.map((name) => [name, security[name]] as const);
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string' && field[1] !== ''),
  );
}

function randomId(limit: number): string {
  return String(Math.floor(Math.random() * limit));
}
