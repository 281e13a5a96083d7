import type { ContractEnvironment, VendorContract } from '../contract.js';
import { NanoPlayerBench, type BenchOptions } from './nanoplayer-bench.js';
import { nanoPlayerExpectations } from './nanoplayer-expectations.js';

type Client = BenchOptions['Client'];

/** The vendor's player, as a page finds it after its script. */
export const nanoPlayerContract: VendorContract<Client, NanoPlayerBench> = {
  globalName: 'NanoPlayer',
  expectations: nanoPlayerExpectations,
  versionOf: (Client) => {
    const host = document.createElement('div');
    host.id = 'vendor-version';
    document.body.append(host);
    const { version } = new Client(host.id);
    host.remove();
    return version;
  },
  buildOf: (Client) => nanoPlayerContract.versionOf(Client).split('.')[0] ?? '',
  hasNeed: async (Client, environment) => {
    const isDouble = 'adaptTo' in (Client.prototype as object);
    const plays = await canPlay(Client, environment);
    return (need) => (need === 'media' ? plays : isDouble);
  },
  withBench: async (Client, environment, check) => {
    window.nanoPlayerNetwork = { origin: environment.vendorOrigin };
    const bench = new NanoPlayerBench({ Client, ...environment });
    try {
      await check(bench);
    } finally {
      await bench.end();
    }
  },
};

async function canPlay(Client: Client, environment: ContractEnvironment): Promise<boolean> {
  try {
    await nanoPlayerContract.withBench(Client, environment, (bench) => bench.play());
    return true;
  } catch {
    return false;
  }
}
