import {
  checkContract,
  type ClientName,
  type ContractEnvironment,
  type ContractOptions,
} from './contract.js';
import type { ExpectationResult } from './expectation.js';
import { nanoPlayerContract } from './nanoplayer/nanoplayer-contract.js';
import { rtcUserContract } from './rtc-user/rtc-user-contract.js';
import { webcasterV6Contract } from './webcaster-v6/webcaster-v6-contract.js';

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

const checks: Readonly<Record<ClientName, (options: ContractOptions) => Promise<string | null>>> = {
  nanoplayer: (options) => checkContract(nanoPlayerContract, options),
  rtcuser: (options) => checkContract(rtcUserContract, options),
  'webcaster-v6': (options) => checkContract(webcasterV6Contract, options),
};

window.checkVendorClient = ({ client, environment, only }) =>
  checks[client]({
    environment,
    only,
    report: (result) => void window.takeResult?.(result),
  });
