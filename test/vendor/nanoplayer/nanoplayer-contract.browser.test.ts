import { backendOrigin } from '../../support/backend.js';
import { testEnvironment } from '../../support/test-environment.js';
import { reasonToSkip } from '../expectation.js';
import { NanoPlayerBench, type BenchOptions } from './nanoplayer-bench.js';
import { nanoPlayerExpectations } from './nanoplayer-expectations.js';

/** Our doubles of the vendor's player do what the list says; `npm run test:vendor` runs it with a real script. */
for (const build of ['5', '4']) {
  describe(`the double of nanoPlayer ${build}`, () => {
    let options: BenchOptions;

    before(async () => {
      const vendorOrigin = testEnvironment().nanoSocketOrigin ?? '';
      window.nanoPlayerNetwork = { origin: vendorOrigin };
      await loadScript(`/test/doubles/nanoplayer/nanoplayer-${build}.js`);
      const Client = (globalThis as { NanoPlayer?: BenchOptions['Client'] }).NanoPlayer;
      if (!Client) throw new Error('The script does not define NanoPlayer.');
      options = { Client, backendOrigin: backendOrigin(), vendorOrigin };
    });

    for (const expectation of nanoPlayerExpectations) {
      if (reasonToSkip(expectation, build, () => true) !== null) continue;
      // Without media the double does the same on every engine.
      if (testEnvironment().engine !== 'chromium' && !expectation.needs?.includes('media')) continue;
      it(expectation.title, async () => {
        const bench = new NanoPlayerBench(options);
        try {
          await expectation.check(bench);
        } finally {
          await bench.end();
        }
      });
    }
  });
}

async function loadScript(src: string): Promise<void> {
  const script = document.createElement('script');
  script.src = src;
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve, { once: true });
    script.addEventListener('error', reject, { once: true });
    document.head.append(script);
  });
}
