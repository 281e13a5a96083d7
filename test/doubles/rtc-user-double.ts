import { RtcUser48 } from './rtc-user/rtc-user-4-8.js';
import { RtcUser512 } from './rtc-user/rtc-user-5-1-2.js';
import { RtcUser516 } from './rtc-user/rtc-user-5-16.js';
import { RtcUserBase } from './rtc-user/rtc-user-base.js';
import { resetRtcUserFaults } from './rtc-user/rtc-user-faults.js';

export { RtcUserBase as RtcUserDouble } from './rtc-user/rtc-user-base.js';
export { rtcUserFaults } from './rtc-user/rtc-user-faults.js';

/** Builds of the vendor's Webcaster v5 that have a double. 5.16 is known from its documentation only. */
export const RTC_USER_BUILDS = { '4.8': RtcUser48, '5.1.2': RtcUser512, '5.16': RtcUser516 } as const;

export type RtcUserBuild = keyof typeof RTC_USER_BUILDS;

/** Defines a double as a global variable, like the vendor's script. Seen in 5.1.2 and 4.8: `nanowebrtc.user`. */
export function installRtcUser(build: RtcUserBuild | typeof RtcUser516 = '5.16'): () => void {
  const user = typeof build === 'string' ? RTC_USER_BUILDS[build] : build;
  Object.assign(globalThis, { nanowebrtc: { user } });
  return () => {
    resetRtcUserFaults();
    RtcUserBase.last?.dispose();
    RtcUserBase.last = null;
    RtcUserBase.reportMs = 1000;
    Reflect.deleteProperty(globalThis, 'nanowebrtc');
  };
}

/** An empty script that replaces the vendor's. */
export const EMPTY_SCRIPT = '/test/doubles/empty-script.js';
