import type { VendorContract } from '../contract.js';
import { RtcUserBench, type RtcUserClass } from './rtc-user-bench.js';
import { rtcUserExpectations } from './rtc-user-expectations.js';

/** The vendor's Webcaster v5, as a page finds it after its script. Its builds name no version that we know of. */
export const rtcUserContract: VendorContract<RtcUserClass, RtcUserBench> = {
  globalName: 'nanowebrtc.user',
  expectations: rtcUserExpectations,
  versionOf: (Client) => {
    const version: unknown = Reflect.get(Client, 'version') ?? Reflect.get(new Client(), 'version');
    return typeof version === 'string' ? version : `like ${rtcUserContract.buildOf(Client)}`;
  },
  buildOf: (Client) => {
    const client = new Client();
    if (!('signIn' in client)) return '4.8';
    return 'setMediaStream' in client ? '5.16' : '5.1.2';
  },
  // Our double decides by command whether its server can be reached.
  hasNeed: async (Client) => {
    const isDouble = 'isBusy' in (Client.prototype as object);
    return (need) => need === 'network' && !isDouble;
  },
  withBench: async (Client, _environment, check) => {
    const bench = new RtcUserBench(Client);
    try {
      await check(bench);
    } finally {
      bench.end();
    }
  },
};
