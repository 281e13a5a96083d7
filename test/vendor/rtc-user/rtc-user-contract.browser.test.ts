import { installRtcUser, RTC_USER_BUILDS, type RtcUserBuild } from '../../doubles/rtc-user-double.js';
import { skipUnless } from '../../support/skip-unless.js';
import { reasonToSkip } from '../expectation.js';
import { RtcUserBench, type RtcUserClass } from './rtc-user-bench.js';
import { rtcUserContract } from './rtc-user-contract.js';
import { rtcUserExpectations } from './rtc-user-expectations.js';

/** Our doubles of Webcaster v5 and v4 do what the list says; `npm run test:vendor` runs it with a real script. */
for (const build of Object.keys(RTC_USER_BUILDS) as RtcUserBuild[]) {
  describe(`the double of RtcUser ${build}`, () => {
    const Client: RtcUserClass = RTC_USER_BUILDS[build];
    let uninstall: () => void;

    before(function () {
      skipUnless('webrtc h264', this);
    });
    beforeEach(() => {
      uninstall = installRtcUser(build);
    });
    afterEach(() => uninstall());

    for (const expectation of rtcUserExpectations) {
      const isOurs = (need: string): boolean => need !== 'network';
      if (reasonToSkip(expectation, rtcUserContract.buildOf(Client), isOurs) !== null) continue;
      it(expectation.title, async () => {
        const bench = new RtcUserBench(Client);
        try {
          await expectation.check(bench);
        } finally {
          bench.end();
        }
      });
    }
  });
}
