import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clientNames, type ClientName } from './contract.js';

export interface VendorArguments {
  /** Path of the script. */
  readonly script: string;
  readonly client: ClientName;
  readonly only: string;
}

export const vendorUsage = `npm run test:vendor -- --script PATH [--client ${clientNames.join('|')}] [--only TEXT]

Checks a script of the vendor, which you have on disk, against the list of what our doubles do. The script runs in
Chromium, with local servers; requests to any other host are refused.

  --script  the vendor's build for browsers, one JavaScript file
  --client  whose script it is. Default: ${clientNames[0]}
  --only    checks only expectations whose title contains this text
  --help    prints this text

Ends with 0 when nothing differs, with 1 when something does, and with 2 when the check cannot run.`;

/** @throws TypeError for an unknown option, a missing value, or a script that cannot be read. */
export function parseVendorArguments(args: readonly string[]): VendorArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      script: { type: 'string' },
      client: { type: 'string', default: clientNames[0] },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { script, only } = values;
  const client = clientNames.find((name) => name === values.client);
  if (client === undefined) throw new TypeError(`--client ${values.client}: use ${clientNames.join(', ')}.`);
  if (script === undefined) throw new TypeError('--script is missing: name the vendor’s script.');
  if (!statSync(script, { throwIfNoEntry: false })?.isFile())
    throw new TypeError(`--script ${script}: there is no such file.`);
  return { script, client, only };
}
