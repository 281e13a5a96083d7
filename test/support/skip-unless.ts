import { expectedSkips } from './expected-skips.js';
import { hasFeature } from './feature.js';
import type { Feature } from './feature.js';
import { testEnvironment } from './test-environment.js';

/**
 * Skips the running test, or in a `before` its whole suite, where the engine is known to lack the feature.
 * Call it with the test's own `this`.
 * @throws Error when the engine lacks a feature that is not in the list of expected skips.
 */
export function skipUnless(feature: Feature, context: Mocha.Context): void {
  if (hasFeature(feature)) return;
  const { engine } = testEnvironment();
  if (!expectedSkips[engine].includes(feature)) {
    throw new Error(`${engine} lacks '${feature}', which test/support/expected-skips.ts does not expect.`);
  }
  context.skip();
}
