import type { H5live } from './player-config.js';
import { reroute } from './vendor-network.js';

/** A stream as the double of the bintu API describes it. The vendor's own format is not copied. */
export interface BintuStream {
  readonly isLive: boolean;
  readonly h5live: H5live;
  readonly label: string;
  readonly info: object;
}

/** Documentation only. */
const defaultApi = 'https://bintu.nanocosmos.de';

/** Looks up one stream. The path is the documented one. */
export async function lookUpStream(id: string, apiurl?: string): Promise<BintuStream | undefined> {
  return (await ask(`/stream/${encodeURIComponent(id)}`, apiurl))[0];
}

/** Looks up the streams of a group, best first. The path is of the double: the vendor documents none. */
export async function lookUpGroup(id: string, apiurl?: string): Promise<readonly BintuStream[]> {
  return ask(`/stream/group/${encodeURIComponent(id)}`, apiurl);
}

async function ask(path: string, apiurl = defaultApi): Promise<readonly BintuStream[]> {
  const response = await fetch(reroute(apiurl + path)).catch(() => null);
  return response?.ok ? ((await response.json()) as BintuStream[]) : [];
}
