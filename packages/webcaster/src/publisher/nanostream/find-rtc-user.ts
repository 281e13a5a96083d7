import { loadVendorScript } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import { adaptRtcUserV4, isRtcUserV4 } from './rtc-user-v4.js';
import type { RtcUser } from './rtc-user.js';

/** What the vendor's builds define. */
const GLOBAL_NAME = 'nanowebrtc.user';
/** The name in the vendor's documentation. No build defines it, but a page may. */
const ALIAS = 'RtcUser';

/**
 * Loads the vendor's script and creates a client.
 *
 * @throws GatecastError `vendor-script-not-allowed`, `vendor-script-failed`
 */
export async function createRtcUser(scriptUrl: string): Promise<RtcUser> {
  const User = (await findClass(scriptUrl)) as new () => RtcUser;
  try {
    const user: object = new User();
    return isRtcUserV4(user) ? adaptRtcUserV4(user) : (user as RtcUser);
  } catch (cause) {
    throw new GatecastError('vendor-script-failed', 'The vendor’s script could not create a client.', {
      hint: 'Check that publisher-src is the address of a build of Webcaster v5 (nano.webrtc).',
      cause,
    });
  }
}

async function findClass(scriptUrl: string): Promise<unknown> {
  try {
    return await loadVendorScript(scriptUrl, GLOBAL_NAME);
  } catch (error) {
    // A script that was loaded, but lacks the name, fails for good.
    const isLoaded =
      error instanceof GatecastError && error.code === 'vendor-script-failed' && !error.retryable;
    if (!isLoaded) throw error;
    return await loadVendorScript(scriptUrl, ALIAS).catch(() => {
      throw error;
    });
  }
}
