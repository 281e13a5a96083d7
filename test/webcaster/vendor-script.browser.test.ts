import { expect } from 'chai';
import { backendOrigin, clearFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { installRtcUser } from '../doubles/rtc-user-double.js';
import { mountInFrame } from './support/framed-webcaster.js';
import { mountWebcaster, pause, rejection, unmountAll } from './support/webcaster-fixture.js';

const vendor = { publisher: 'nanostream', endpoint: '/p/webrtcws' };

/** A classic script at its own URL, because each URL is loaded once. */
const scriptOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe('a vendor’s script', () => {
  before(function () {
    skipUnless('webrtc', this);
  });

  afterEach(async () => {
    await unmountAll();
    Reflect.deleteProperty(globalThis, 'RtcUser');
    await clearFaults();
  });

  it('that fails to load is reported at once, and loaded again on the next start', async () => {
    const { webcaster } = mountWebcaster({ ...vendor, 'publisher-src': '/not-there-yet.js' });
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.retryable, webcaster.state]).to.deep.equal([
      'vendor-script-failed',
      true,
      'failed',
    ]);
    expect(error.hint).to.contain('Content-Security-Policy');
    const uninstall = installRtcUser();
    webcaster.publisherSrc = scriptOf('/* the vendor’s, at last */');
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    await webcaster.stopBroadcast();
    uninstall();
  });

  it('that does not define its class is reported with the class name', async () => {
    const { webcaster } = mountWebcaster({
      ...vendor,
      'publisher-src': scriptOf('globalThis.AnotherUser = class {}'),
    });
    const error = await rejection(webcaster.startBroadcast());
    expect(error.code).to.equal('vendor-script-failed');
    expect(error.message).to.contain('RtcUser');
    Reflect.deleteProperty(globalThis, 'AnotherUser');
  });

  it('that the page’s Content-Security-Policy blocks is reported as blocked', async () => {
    const { webcaster, frame } = await mountInFrame('strict.html', {
      ...vendor,
      // The URL exists, but the policy allows no script from another origin.
      'publisher-src': `${backendOrigin()}/.well-known/jwks.json`,
    });
    let violated = '';
    frame.contentDocument?.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      violated = effectiveDirective;
    });
    // The error belongs to another realm, so `instanceof` does not work.
    const code = await webcaster.startBroadcast().then(
      () => 'live',
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(code).to.equal('vendor-script-failed');
    await pause(0);
    expect(violated).to.match(/^script-src/);
    frame.remove();
  });
});
