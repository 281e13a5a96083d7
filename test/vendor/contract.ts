import {
  checkExpectation,
  reasonToSkip,
  type Expectation,
  type ExpectationResult,
  type Need,
} from './expectation.js';

export const clientNames = ['nanoplayer', 'rtcuser', 'webcaster-v6'] as const;
export type ClientName = (typeof clientNames)[number];

/** Where the local servers are. */
export interface ContractEnvironment {
  readonly backendOrigin: string;
  /** `ws:` origin of the double of the vendor's servers. */
  readonly vendorOrigin: string;
  /** Origin of the WHIP relay, which also has an ingest for Webcaster v6. */
  readonly relayOrigin: string;
}

/** The list of a client, and how to set one up for each expectation. */
export interface VendorContract<Client, Bench> {
  /** Name of the global variable that the script defines, perhaps with dots. */
  readonly globalName: string;
  readonly expectations: readonly Expectation<Bench>[];
  /** What the client says itself. */
  readonly versionOf: (Client: Client) => string;
  /** Which of the builds in the list it is. */
  readonly buildOf: (Client: Client) => string;
  readonly hasNeed: (Client: Client, environment: ContractEnvironment) => Promise<(need: Need) => boolean>;
  /** Runs a check with a new client, and removes it afterwards. */
  readonly withBench: (
    Client: Client,
    environment: ContractEnvironment,
    check: (bench: Bench) => Promise<void>,
  ) => Promise<void>;
}

export interface ContractOptions {
  readonly environment: ContractEnvironment;
  /** Only expectations whose title contains it. */
  readonly only: string;
  /** Called with each result as it comes. */
  readonly report: (result: ExpectationResult) => void;
}

/** Checks the client of a page. @returns its version; null if no script has defined it. */
export async function checkContract<Client, Bench>(
  contract: VendorContract<Client, Bench>,
  { environment, only, report }: ContractOptions,
): Promise<string | null> {
  const found = readGlobal(contract.globalName);
  if (found === undefined) return null;
  const Client = found as Client;
  const version = contract.versionOf(Client);
  const has = await contract.hasNeed(Client, environment);
  for (const expectation of contract.expectations) {
    if (!expectation.title.includes(only)) continue;
    const { title, seen } = expectation;
    const reason = reasonToSkip(expectation, contract.buildOf(Client), has);
    if (reason !== null) {
      report({ title, seen, outcome: 'not-checked', detail: reason });
      continue;
    }
    const check = (): Promise<void> => contract.withBench(Client, environment, expectation.check);
    report(await checkExpectation({ title, seen, check }, undefined));
  }
  return version;
}

function readGlobal(name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' || typeof value === 'function' ? Reflect.get(value ?? {}, key) : undefined,
      globalThis,
    );
}
