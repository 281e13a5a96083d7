import { openBrowser } from '../support/open-browser.js';
import { findEngine } from '../support/runner/find-engines.js';
import { runVendorCommand } from './vendor-command.js';

process.exitCode = await runVendorCommand(process.argv.slice(2), {
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
  openBrowser: async () => (findEngine('chromium') ? openBrowser() : null),
});
