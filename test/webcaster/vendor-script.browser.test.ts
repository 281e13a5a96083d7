import { allowVendorScripts } from '@gatecast/webcaster';
import { expect } from 'chai';
import { clearFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { EMPTY_SCRIPT, installRtcUser } from '../doubles/rtc-user-double.js';
import { mountInFrame } from './support/framed-webcaster.js';
import { mountWebcaster, pause, rejection, unmountAll } from './support/webcaster-fixture.js';

const vendor = { publisher: 'nanostream', endpoint: '/p/webrtcws' };

/** Each URL is loaded once, so tests add a query. */
const SCRIPTS = '/test/webcaster/support/';
const scripts = { missing: '/not-there-yet.js', another: `${SCRIPTS}another-user.js` };

describe('a vendor’s script', () => {
  before(function () {
    skipUnless('webrtc', this);
    allowVendorScripts(Object.values(scripts));
  });

  afterEach(async () => {
    await unmountAll();
    Reflect.deleteProperty(globalThis, 'nanowebrtc');
    await clearFaults();
  });

  it('that fails to load is reported at once, and loaded again on the next start', async () => {
    const { webcaster } = mountWebcaster({ ...vendor, 'publisher-src': scripts.missing });
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.retryable, webcaster.state]).to.deep.equal([
      'vendor-script-failed',
      true,
      'failed',
    ]);
    expect(error.hint).to.contain('Content-Security-Policy');
    const uninstall = installRtcUser();
    webcaster.publisherSrc = EMPTY_SCRIPT;
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    await webcaster.stopBroadcast();
    uninstall();
  });

  it('that does not define its class is reported with the class name', async () => {
    const { webcaster } = mountWebcaster({
      ...vendor,
      'publisher-src': scripts.another,
    });
    const error = await rejection(webcaster.startBroadcast());
    expect(error.code).to.equal('vendor-script-failed');
    expect(error.message).to.contain('nanowebrtc.user');
    Reflect.deleteProperty(globalThis, 'AnotherUser');
  });

  it('that the page’s Content-Security-Policy blocks is reported as blocked', async () => {
    const { webcaster, frame } = await mountInFrame('strict.html', {
      ...vendor,
      // The page allows it in script, but its policy does not.
      'publisher-src': 'https://vendor.invalid/client.js',
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

  for (const page of ['strict-dynamic.html', 'blank.html']) {
    it(`that injected markup names is not run, in ${page}`, async () => {
      for (const address of [
        'data:text/javascript,top.hasRun=true',
        URL.createObjectURL(new Blob(['top.hasRun=true'], { type: 'text/javascript' })),
        `${location.origin}/test/doubles/empty-script.js?unlisted`,
        'https://evil.invalid/script.js',
      ]) {
        const { webcaster, frame } = await mountInFrame(page, { ...vendor, 'publisher-src': address });
        const code = await webcaster.startBroadcast().then(
          () => 'live',
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(code).to.equal('vendor-script-not-allowed');
        const requests = frame.contentWindow?.performance.getEntriesByName(address);
        expect(requests).to.deep.equal([]);
        expect('hasRun' in globalThis).to.equal(false);
        frame.remove();
      }
    });
  }

  it('whose content does not match its integrity metadata is not run', async () => {
    const url = `${scripts.another}?integrity`;
    allowVendorScripts([{ url, integrity: `sha384-${'A'.repeat(64)}` }]);
    const { webcaster } = mountWebcaster({ ...vendor, 'publisher-src': url });
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.hint.includes('integrity')]).to.deep.equal(['vendor-script-failed', true]);
    expect('AnotherUser' in globalThis).to.equal(false);
  });
});
