import type { Engine } from './runner/engine.js';

/** Settings of the runner for every test page. */
export interface TestEnvironment {
  readonly engine: Engine;
  /** Origin of this run's demo backend; absent if it did not start. */
  readonly backendOrigin?: string;
  /** `ws:` origin of the double of the vendor's media server; absent without the backend. */
  readonly nanoSocketOrigin?: string;
  /** Origin of the double of other WHIP servers; absent without the backend. */
  readonly whipRelayOrigin?: string;
  /** Origin that serves the demo's streams without tokens, as a control. */
  readonly openMediaOrigin: string;
}

declare global {
  interface Window {
    gatecastTest?: TestEnvironment;
  }
}

/** The settings that the runner added to this page. */
export function testEnvironment(): TestEnvironment {
  if (!window.gatecastTest) throw new Error('This page was not opened by the test runner.');
  return window.gatecastTest;
}
