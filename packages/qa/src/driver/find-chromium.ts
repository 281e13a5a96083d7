import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env, platform } from 'node:process';

/** Whether a file is a program that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The paths that programs of these names have in the folders of `PATH`. */
export function pathsOf(...names: readonly string[]): string[] {
  return (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

/** The folders of installed programs on Windows. */
export const programFolders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
  (folder) => folder !== undefined,
);

/** The same file in each folder of `before`, newest folder name first. */
export function inEachFolder(before: string, after: string): string[] {
  try {
    return readdirSync(before)
      .sort()
      .reverse()
      .map((name) => join(before, name, after));
  } catch {
    return [];
  }
}

/**
 * Finds a Chromium, Chrome or Edge: in `GATECAST_CHROMIUM` or `CHROME_PATH`, by its usual names in `PATH`, in the usual
 * folders of macOS and Windows, or in the caches of Playwright and Puppeteer on Linux.
 *
 * @param more - further paths to try, before the caches.
 * @returns the path of the program; `undefined` if there is none.
 */
export function findChromium(more: readonly string[] = []): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
  const paths = [
    env['GATECAST_CHROMIUM'],
    env['CHROME_PATH'],
    ...pathsOf(...names),
    ...(platform === 'darwin'
      ? [
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
          '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
        ]
      : []),
    ...programFolders.flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
    ...more,
    ...inEachFolder(join(homedir(), '.cache/puppeteer/chrome'), 'chrome-linux64/chrome'),
  ];
  return paths.find((path) => path !== undefined && path !== '' && isExecutable(path));
}
