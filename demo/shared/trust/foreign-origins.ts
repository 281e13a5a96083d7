import { addressFields } from '../settings/tag-html.js';

/** An origin besides the page's own that URL parameters name. */
export interface ForeignOrigin {
  /** For example `https://media.example`; only the scheme, for example `data:`, if the address has no origin. */
  readonly origin: string;
  /** Names of the parameters. */
  readonly parameters: readonly string[];
  /** Whether the origin would run a script in the page. */
  readonly runsScript: boolean;
}

const scripts: ReadonlySet<string> = new Set(['nanoplayer-src', 'publisher-src']);

/** Lists the foreign origins in the URL parameters of the demo's pages. */
export function listForeignOrigins(parameters: URLSearchParams, pageUrl: string): ForeignOrigin[] {
  const namesByOrigin = new Map<string, Set<string>>();
  for (const [name, value] of parameters) {
    for (const address of addressesIn(name, value)) {
      const origin = readOrigin(address, pageUrl);
      if (origin === new URL(pageUrl).origin) continue;
      namesByOrigin.set(origin, (namesByOrigin.get(origin) ?? new Set()).add(name));
    }
  }
  return [...namesByOrigin].map(([origin, names]) => ({
    origin,
    parameters: [...names],
    runsScript: [...names].some((name) => scripts.has(attributeOf(name))),
  }));
}

/** Names of the parameters with a script's address. */
export function isScriptParameter(name: string): boolean {
  return scripts.has(attributeOf(name));
}

/** The lab prefixes the webcaster's parameters. */
function attributeOf(name: string): string {
  return name.replace(/^webcaster\./, '');
}

function addressesIn(name: string, value: string): string[] {
  const attribute = attributeOf(name);
  if (attribute === 'token-origins') return value.split(/\s+/).filter(Boolean);
  const isAddress = addressFields.has(attribute) || attribute.startsWith('h5live.server.');
  return isAddress && value !== '' ? [value] : [];
}

function readOrigin(address: string, pageUrl: string): string {
  if (!URL.canParse(address, pageUrl)) return 'invalid:';
  const { protocol, host } = new URL(address, pageUrl);
  return /^(?:http|ws)s?:$/.test(protocol) ? `${protocol.replace('ws', 'http')}//${host}` : protocol;
}
