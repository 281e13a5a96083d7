import { afterEach, before } from 'node:test';
import { FakeTokenBackend } from '../../support/fake-token-backend.js';
import { FakeBrowser, FakeTab, loadTabs, type FakeTabOptions } from './fake-tabs.js';

/**
 * Registers the hooks of a test file, and returns what opens tabs of one browser and one backend. They are closed after each test.
 */
export function useTabs() {
  const opened: FakeTab[] = [];

  before(() => loadTabs(new FakeTokenBackend()));

  afterEach(() => {
    for (const tab of opened.splice(0)) tab.lease.release();
  });

  return (count: number, options: FakeTabOptions = {}) => {
    const backend = new FakeTokenBackend();
    const browser = new FakeBrowser();
    const open = (more: FakeTabOptions = {}) => {
      const tab = new FakeTab(browser, backend, { seed: browser.tabs.length + 1, ...options, ...more });
      opened.push(tab);
      return tab;
    };
    const tabs = Array.from({ length: count }, () => open()) as [FakeTab, FakeTab, ...FakeTab[]];
    const start = async () => {
      for (const tab of tabs) tab.start();
      await backend.time.advance(1000);
    };
    return { backend, browser, time: backend.time, tabs, open, start };
  };
}

/** The tokens that tabs have for a stream. */
export const values = (tabs: readonly FakeTab[], stream = 'a'): Set<unknown> =>
  new Set(tabs.map((tab) => tab.value(stream)));
