import { GatecastError } from '@gatecast/token';

/** The address of a vendor's script, which only the page can know. @throws GatecastError `settings-invalid` */
export function requireScriptUrl(scriptUrl: string | null, publisher: string): string {
  if (scriptUrl !== null) return scriptUrl;
  throw new GatecastError('settings-invalid', `publisher="${publisher}" needs the vendor’s script.`, {
    hint: 'Set the attribute publisher-src to its address.',
  });
}
