import { checkContract, type ClientName, type ContractEnvironment } from './contract.js';
import type { ExpectationResult } from './expectation.js';
import { nanoPlayerContract } from './nanoplayer/nanoplayer-contract.js';

export interface PageRequest {
  readonly client: ClientName;
  readonly environment: ContractEnvironment;
  readonly only: string;
}

declare global {
  interface Window {
    /** Of this page: checks the client of the script that the page has loaded. */
    checkVendorClient?: (request: PageRequest) => Promise<string | null>;
    /** Of the runner: takes each result. */
    takeResult?: (result: ExpectationResult) => Promise<void>;
  }
}

const contracts = { nanoplayer: nanoPlayerContract };

window.checkVendorClient = ({ client, environment, only }) =>
  checkContract(contracts[client], {
    environment,
    only,
    report: (result) => void window.takeResult?.(result),
  });
