import type { VendorContract } from '../contract.js';
import { waitFor } from '../wait-for.js';
import { WebcasterV6Bench, type WebcasterV6BenchOptions } from './webcaster-v6-bench.js';
import { webcasterV6Expectations } from './webcaster-v6-expectations.js';

type Client = WebcasterV6BenchOptions['Client'];

/** The vendor's Webcaster v6, as a page finds it after its script. */
export const webcasterV6Contract: VendorContract<Client, WebcasterV6Bench> = {
  globalName: 'WebcasterApiV6.Webcaster',
  expectations: webcasterV6Expectations,
  versionOf: (Client) => {
    const version: unknown = Reflect.get(Client, 'version');
    return typeof version === 'string' ? version : 'of an unknown version';
  },
  buildOf: () => '6',
  hasNeed: async (Client, environment) => {
    let isConnected = false;
    await webcasterV6Contract
      .withBench(Client, environment, async (bench) => {
        const client = await bench.client();
        client.onConnectionStateChange = (state) => (isConnected ||= state === 'connected');
        await client.setup();
        await client.startBroadcast();
        await waitFor(() => isConnected, 'the connection');
      })
      .catch(() => undefined);
    return (need) => need === 'media' && isConnected;
  },
  withBench: async (Client, environment, check) => {
    const bench = new WebcasterV6Bench({ Client, ...environment });
    try {
      await check(bench);
    } finally {
      await bench.end();
    }
  },
};
