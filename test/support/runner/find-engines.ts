import { join } from 'node:path';
import { env, platform } from 'node:process';
import {
  findChromium,
  inEachFolder,
  isExecutable,
  pathsOf,
  programFolders,
} from '@gatecast/qa/internal/driver/find-chromium';
import { chromium } from 'playwright-core';
import { engines } from './engine.js';
import type { Engine } from './engine.js';

/** The programs for WebKitGTK: the driver, the browser that it starts, and a display server. */
export interface WebkitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly xvfb: string;
}

export type FoundEngine =
  | { readonly engine: 'chromium' | 'firefox'; readonly executable: string }
  | { readonly engine: 'webkit'; readonly executable: string; readonly programs: WebkitPrograms };

function firstExecutable(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && path !== '' && isExecutable(path));
}

function firefoxPaths(): (string | undefined)[] {
  return [
    env['GATECAST_FIREFOX'],
    ...pathsOf('firefox-esr', 'firefox'),
    ...(platform === 'darwin' ? ['/Applications/Firefox.app/Contents/MacOS/firefox'] : []),
    ...programFolders.map((folder) => join(folder, 'Mozilla Firefox/firefox.exe')),
  ];
}

function findWebkit(): FoundEngine | undefined {
  const driver = firstExecutable([env['GATECAST_WEBKIT_DRIVER'], ...pathsOf('WebKitWebDriver')]);
  const xvfb = firstExecutable(pathsOf('Xvfb'));
  const browser = firstExecutable([
    env['GATECAST_WEBKIT_BROWSER'],
    ...inEachFolder('/usr/lib', 'webkit2gtk-4.1/MiniBrowser'),
    '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
  ]);
  if (driver === undefined || xvfb === undefined || browser === undefined) return undefined;
  return { engine: 'webkit', executable: browser, programs: { driver, browser, xvfb } };
}

/** Finds an engine on this machine; undefined if it is not installed. */
export function findEngine(engine: Engine): FoundEngine | undefined {
  if (engine === 'webkit') return findWebkit();
  const executable =
    engine === 'chromium' ? findChromium([chromium.executablePath()]) : firstExecutable(firefoxPaths());
  return executable === undefined ? undefined : { engine, executable };
}

export function findEngines(): FoundEngine[] {
  return engines.map(findEngine).filter((found) => found !== undefined);
}
