import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import type { TestRunnerConfig } from '@web/test-runner';
import type { BrowserLauncher } from '@web/test-runner-core';
import { chromeLauncher } from '@web/test-runner-chrome';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import * as puppeteer from 'puppeteer-core';
import { bundleClassicScript } from './support/bundle-classic-script.js';
import { bundledFile } from './support/runner/bundle-browser-tests.js';
import { fileProgressReporter } from './support/runner/file-progress-reporter.js';
import type { FoundEngine } from './support/runner/find-engines.js';
import type { TestEnvironment } from './support/test-environment.js';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
];

const firefoxPrefs = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
};

const webkitArgs = [
  '--automation',
  '--autoplay-policy=allow',
  '--enable-media-stream=true',
  '--enable-mock-capture-devices=true',
  '--features=+SourceBufferChangeType',
];

function launcher(found: FoundEngine, webkitPort: number): BrowserLauncher {
  switch (found.engine) {
    case 'chromium':
      return chromeLauncher({ launchOptions: { executablePath: found.executable, args: chromiumArgs } });
    case 'firefox':
      return chromeLauncher({
        puppeteer,
        concurrency: 1,
        launchOptions: {
          browser: 'firefox',
          executablePath: found.executable,
          extraPrefsFirefox: firefoxPrefs,
        },
      });
    case 'webkit': {
      const capabilities = {
        browserName: 'MiniBrowser',
        'wdio:enforceWebDriverClassic': true,
        'webkitgtk:browserOptions': { binary: found.programs.browser, args: webkitArgs },
      };
      // Its declared type differs only in how an optional member says undefined.
      return webdriverLauncher({
        hostname: '127.0.0.1',
        port: webkitPort,
        path: '/',
        capabilities,
      }) as BrowserLauncher;
    }
  }
}

export interface BrowserTestOptions {
  readonly found: FoundEngine;
  readonly files: readonly string[];
  /** The folder with the bundled files; without it, their modules are served one by one. */
  readonly bundle?: string;
  readonly environment: TestEnvironment;
  /** Where WebKitWebDriver listens; unused by the other engines. */
  readonly webkitPort: number;
  /** Where the test files are served. */
  readonly port: number;
}

/**
 * Modules that pages load as classic scripts, by their path from the folder `test`: doubles of vendors' clients, and a page
 * with React, which has no modules for browsers, a page that has the token client alone, and service workers.
 */
const scriptAddress =
  /^\/test\/(doubles\/nanoplayer\/nanoplayer-[45]|packages\/pages\/hidden\/hidden-script|token\/support\/tab-realm|player\/support\/(?:media|blind)-worker)\.js$/;
const scripts = new Map<string, Promise<string>>();

function bundleScript(name: string): Promise<string> {
  const bundle = scripts.get(name) ?? bundleClassicScript(`${name}.ts`);
  scripts.set(name, bundle);
  return bundle;
}

/** Media Chrome's warning in a document without a window, with its whole style sheet: thousands of lines. */
const noisyWarning = 'Media Chrome: No style sheet found';

/** One engine, one page after another: a page behind another one is throttled. */
export function browserTestConfig({
  found,
  files,
  bundle,
  environment,
  webkitPort,
  port,
}: BrowserTestOptions): TestRunnerConfig {
  return {
    rootDir,
    files: [...files],
    hostname: '127.0.0.1',
    port,
    browsers: [launcher(found, webkitPort)],
    concurrency: 1,
    concurrentBrowsers: 1,
    // They only end what hangs: on a busy machine everything takes many times longer.
    browserStartTimeout: 180_000,
    testsStartTimeout: 180_000,
    testsFinishTimeout: 500_000,
    staticLogging: true,
    nodeResolve: { exportConditions: ['gatecast-source', 'browser', 'module', 'import', 'default'] },
    plugins: [
      esbuildPlugin({
        ts: true,
        target: 'es2022',
        tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
      }),
    ],
    middleware: [
      async (context, next) => {
        const [, script] = scriptAddress.exec(context.path) ?? [];
        if (script === undefined) {
          await next();
          return;
        }
        context.type = 'text/javascript';
        // The pages of the test runner are at the root.
        context.set('Service-Worker-Allowed', '/');
        context.body = await bundleScript(script);
      },
      async (context, next) => {
        await next();
        // A cached module of the run before would test yesterday's code.
        context.set('Cache-Control', 'no-store');
      },
      async (context, next) => {
        const bundled = bundle === undefined ? null : await bundledFile(bundle, context.path);
        if (bundled === null) {
          await next();
          return;
        }
        context.type = context.path.endsWith('.map') ? 'application/json' : 'text/javascript';
        context.body = bundled;
      },
    ],
    testFramework: { config: { timeout: 240_000 } },
    testRunnerHtml: (testFramework) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <script>
      window.gatecastTest = ${JSON.stringify(environment)};
      // A rejection that nobody handles fails the test that runs, like an uncaught error does.
      addEventListener('unhandledrejection', (event) => event.defaultPrevented || reportError(event.reason));
    </script>
  </head>
  <body>
    <script type="module" src="${testFramework}"></script>
  </body>
</html>`,
    filterBrowserLogs: ({ type, args: [text] }) =>
      ['error', 'warn'].includes(type) && !String(text).startsWith(noisyWarning),
    reporters: [defaultReporter({ reportTestProgress: false }), fileProgressReporter()],
  };
}
