import { expect } from 'chai';
import { EMPTY_SCRIPT } from '../../doubles/rtc-user-double.js';
import type { TelemetryMessage, WebcasterV6Double } from '../../doubles/webcaster-v6-double.js';
import { backendOrigin } from '../../support/backend.js';
import { telemetryBodies, telemetryUrl, webcasterV6Endpoint } from '../../support/relayed-ingest.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountInFrame, type FramedWebcaster } from '../support/framed-webcaster.js';
import { until, untilState } from '../support/webcaster-fixture.js';

const PAGE = 'vendor-v6.html';

declare global {
  interface Window {
    WebcasterApiV6?: { Webcaster: typeof WebcasterV6Double };
  }
}

/** A page with the element and the double, which sends telemetry every 50 ms. */
async function mount(): Promise<FramedWebcaster> {
  const framed = await mountInFrame(PAGE, {
    publisher: 'nanostream-v6',
    'publisher-src': EMPTY_SCRIPT,
    endpoint: webcasterV6Endpoint(),
  });
  const { contentWindow } = framed.frame;
  await until(() => contentWindow?.WebcasterApiV6 !== undefined, 'the double');
  const double = contentWindow?.WebcasterApiV6?.Webcaster;
  if (double) Object.assign(double, { intervalMs: 50, telemetryUrl: telemetryUrl() });
  return framed;
}

async function telemetryOf(page: string): Promise<readonly TelemetryMessage[]> {
  const messages = (await telemetryBodies()).map((body) => JSON.parse(body) as TelemetryMessage);
  return messages.filter(({ path }) => path.endsWith(page));
}

describe('telemetry of the vendor’s v6 client', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  it('is stopped by connect-src with the origins that the page needs, and the broadcast works', async () => {
    const { webcaster, frame } = await mount();
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    const origins = [backendOrigin(), new URL(webcasterV6Endpoint()).origin];
    policy.content = `connect-src 'self' ${origins.join(' ')}`;
    frame.contentDocument?.head.append(policy);
    const blocked: string[] = [];
    frame.contentDocument?.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
      blocked.push(`${effectiveDirective} ${blockedURI}`),
    );
    await webcaster.startBroadcast();
    await until(() => blocked.length > 5, 'blocked telemetry');
    expect([...new Set(blocked)]).to.deep.equal([`connect-src ${telemetryUrl()}`]);
    expect(await telemetryOf(PAGE)).to.deep.equal([]);
    expect(webcaster.state).to.equal('live');
    await webcaster.stopBroadcast();
    await untilState(webcaster, 'stopped');
    frame.remove();
  });

  it('otherwise contains the address of the page, its referrer and no token', async () => {
    const { webcaster, frame } = await mount();
    await webcaster.startBroadcast();
    await until(async () => (await telemetryOf(PAGE)).length > 1, 'telemetry');
    const [message] = await telemetryOf(PAGE);
    expect(message).to.include({ origin: location.origin, referrer: location.href });
    expect(JSON.stringify(message)).not.to.match(/eyJ[\w-]+\./);
    await webcaster.stopBroadcast();
    frame.remove();
  });
});
