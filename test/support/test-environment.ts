import type { Engine } from './runner/engine.js';

/** What the runner tells every test page. */
export interface TestEnvironment {
  readonly engine: Engine;
  /** Origin of the demo backend of this run; absent when it did not start. */
  readonly backendOrigin?: string;
  /** Origin of the double of the vendor's media server, as `ws:`; absent when the backend is. */
  readonly nanoSocketOrigin?: string;
  /** Origin of the double of WHIP servers that differ from the demo's; absent when the backend is. */
  readonly whipRelayOrigin?: string;
  /** Origin that serves the demo's streams without tokens, for comparison. */
  readonly openMediaOrigin: string;
}

declare global {
  interface Window {
    gatecastTest?: TestEnvironment;
  }
}

/** The environment that the runner put into this page. */
export function testEnvironment(): TestEnvironment {
  if (!window.gatecastTest) throw new Error('This page was not opened by the test runner.');
  return window.gatecastTest;
}
