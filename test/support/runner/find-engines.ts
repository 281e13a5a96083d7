import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env, platform } from 'node:process';
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstExecutable(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && path !== '' && isExecutable(path));
}

const onPath = (...names: readonly string[]): string[] =>
  (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** Paths that match `pattern`, with one `*` for a folder level, newest name first. */
function expand(before: string, after: string): string[] {
  try {
    return readdirSync(before)
      .sort()
      .reverse()
      .map((name) => join(before, name, after));
  } catch {
    return [];
  }
}

const programFiles = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
  (folder) => folder !== undefined,
);

function chromiumPaths(): (string | undefined)[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
  return [
    env['GATECAST_CHROMIUM'],
    env['CHROME_PATH'],
    ...onPath(...names),
    ...(platform === 'darwin'
      ? [
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
          '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
        ]
      : []),
    ...programFiles.flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
    chromium.executablePath(),
    ...expand(join(homedir(), '.cache/puppeteer/chrome'), 'chrome-linux64/chrome'),
  ];
}

function firefoxPaths(): (string | undefined)[] {
  return [
    env['GATECAST_FIREFOX'],
    ...onPath('firefox-esr', 'firefox'),
    ...(platform === 'darwin' ? ['/Applications/Firefox.app/Contents/MacOS/firefox'] : []),
    ...programFiles.map((folder) => join(folder, 'Mozilla Firefox/firefox.exe')),
  ];
}

function findWebkit(): FoundEngine | undefined {
  const driver = firstExecutable([env['GATECAST_WEBKIT_DRIVER'], ...onPath('WebKitWebDriver')]);
  const xvfb = firstExecutable(onPath('Xvfb'));
  const browser = firstExecutable([
    env['GATECAST_WEBKIT_BROWSER'],
    ...expand('/usr/lib', 'webkit2gtk-4.1/MiniBrowser'),
    '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
  ]);
  if (driver === undefined || xvfb === undefined || browser === undefined) return undefined;
  return { engine: 'webkit', executable: browser, programs: { driver, browser, xvfb } };
}

/** Finds an engine on this machine; undefined if it is not installed. */
export function findEngine(engine: Engine): FoundEngine | undefined {
  if (engine === 'webkit') return findWebkit();
  const executable = firstExecutable(engine === 'chromium' ? chromiumPaths() : firefoxPaths());
  return executable === undefined ? undefined : { engine, executable };
}

export function findEngines(): FoundEngine[] {
  return engines.map(findEngine).filter((found) => found !== undefined);
}
