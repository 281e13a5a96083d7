import { installWebcasterV6, WebcasterV6Double } from '../../doubles/webcaster-v6-double.js';
import { backendOrigin } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { testEnvironment } from '../../support/test-environment.js';
import { WebcasterV6Bench } from './webcaster-v6-bench.js';
import { webcasterV6Expectations } from './webcaster-v6-expectations.js';

/** Our double of Webcaster v6 does what the list says; `npm run test:vendor` runs it with a real script. */
describe('the double of Webcaster v6', () => {
  let uninstall: () => void;

  before(function () {
    skipUnless('webrtc h264', this);
  });
  beforeEach(() => {
    uninstall = installWebcasterV6();
  });
  afterEach(() => uninstall());

  for (const { title, check } of webcasterV6Expectations) {
    it(title, async () => {
      const relayOrigin = testEnvironment().whipRelayOrigin ?? '';
      const bench = new WebcasterV6Bench({
        Client: WebcasterV6Double as ConstructorParameters<typeof WebcasterV6Bench>[0]['Client'],
        backendOrigin: backendOrigin(),
        relayOrigin,
      });
      try {
        await check(bench);
      } finally {
        await bench.end();
      }
    });
  }
});
