import type { RelayRecord, RelayTrait, RelayedRequest } from '../doubles/whip-relay.js';
import { V6_PATH } from '../doubles/webcaster-v6-path.js';
import { testEnvironment } from './test-environment.js';

function relayOrigin(): string {
  const { whipRelayOrigin } = testEnvironment();
  if (whipRelayOrigin === undefined) throw new Error('The WHIP relay did not start.');
  return whipRelayOrigin;
}

/** An `endpoint` on another origin than the demo's backend, with the given traits. */
export function relayedEndpoint(...traits: RelayTrait[]): string {
  return `${relayOrigin()}/${traits.join('+')}/{stream}`;
}

/** An `endpoint` for the double of the vendor's Webcaster v6. */
export function webcasterV6Endpoint(): string {
  return `${relayOrigin()}${V6_PATH}`;
}

/** An address for telemetry, on another origin than the endpoints. */
export function telemetryUrl(): string {
  return `${relayOrigin().replace('127.0.0.1', 'localhost')}/telemetry`;
}

/** Bodies that were sent to the address for telemetry, oldest first. */
export async function telemetryBodies(): Promise<readonly string[]> {
  return (await readRecord()).telemetry;
}

/** The relay's requests for a stream, oldest first. */
export async function relayedRequests(stream: string | null): Promise<readonly RelayedRequest[]> {
  return (await readRecord()).requests.filter((request) => request.stream === stream);
}

/** Number of TURN allocation requests to the URL in the relay's `Link` header. */
export async function turnRequests(): Promise<number> {
  return (await readRecord()).turnRequests;
}

async function readRecord(): Promise<RelayRecord> {
  const response = await fetch(`${relayOrigin()}/seen`);
  return (await response.json()) as RelayRecord;
}
