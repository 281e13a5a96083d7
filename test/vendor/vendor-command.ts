import { redactText } from '@gatecast/token';
import type { Browser } from 'playwright-core';
import { checkScript } from './check-script.js';
import type { ExpectationResult } from './expectation.js';
import { formatResult, formatSummary } from './format-results.js';
import { parseVendorArguments, vendorUsage, type VendorArguments } from './vendor-arguments.js';

export interface CommandHost {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Opens Chromium; null if the machine has none. */
  readonly openBrowser: () => Promise<Browser | null>;
}

/** Runs `npm run test:vendor`. @returns the exit code, as the usage describes. */
export async function runVendorCommand(args: readonly string[], host: CommandHost): Promise<0 | 1 | 2> {
  const parsed = readArguments(args, host);
  if (parsed === null) return 2;
  if (parsed === 'help') {
    host.print(vendorUsage);
    return 0;
  }
  const browser = await host.openBrowser();
  if (!browser) {
    host.printError('No Chromium was found. Install it, or set GATECAST_CHROMIUM=/path/to/chrome.');
    return 2;
  }
  const results: ExpectationResult[] = [];
  try {
    const version = await checkScript(parsed, browser, (result) => {
      results.push(result);
      host.print(formatResult(result));
    });
    if (version === null) {
      host.printError(`The script does not define the client of --client ${parsed.client}.`);
      return 2;
    }
    if (results.length === 0) {
      host.printError('No expectation has a title with the text of --only.');
      return 2;
    }
    host.print(`\n${formatSummary(parsed.client, version, results)}`);
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n', 1);
    host.printError(`The client of --client ${parsed.client} cannot be checked: ${redactText(reason)}`);
    return 2;
  } finally {
    await browser.close();
  }
  return results.some(({ outcome }) => outcome === 'differs') ? 1 : 0;
}

function readArguments(args: readonly string[], host: CommandHost): VendorArguments | 'help' | null {
  try {
    return parseVendorArguments(args);
  } catch (error) {
    host.printError(`${error instanceof Error ? error.message : String(error)}\n\n${vendorUsage}`);
    return null;
  }
}
