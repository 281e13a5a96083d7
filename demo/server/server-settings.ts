/** Settings of `npm start`, from environment variables. */
export interface ServerSettings {
  readonly port: number;
  readonly tokenTtlSeconds: number;
  /** Host names to accept, besides those of this machine. @defaultValue none */
  readonly allowedHosts?: readonly string[];
  /** File or address of further public keys that the media origin trusts; see `readTrustedKeys`. @defaultValue none */
  readonly streamJwks?: string | undefined;
  /** Folder of a relative path in `streamJwks`. @defaultValue the working directory */
  readonly folder?: string | undefined;
}

/**
 * Reads `PORT` (0 to 65535, default 5173; 0 selects a free port), `TOKEN_TTL` (seconds, default 30), `ALLOWED_HOSTS`
 * (host names, separated by commas, without scheme and port, default none) and `STREAM_JWKS` (path of a file or http(s) address,
 * default none). npm sets `INIT_CWD` to the folder in which it was called.
 *
 * @throws RangeError that names the variable.
 */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ServerSettings {
  return {
    port: readWhole(environment, 'PORT', { fallback: 5173, least: 0, most: 65_535 }),
    tokenTtlSeconds: readWhole(environment, 'TOKEN_TTL', { fallback: 30, least: 1, most: 86_400 }),
    allowedHosts: readHosts(environment['ALLOWED_HOSTS']),
    streamJwks: readText(environment['STREAM_JWKS']),
    folder: environment['INIT_CWD'],
  };
}

function readText(text = ''): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

function readHosts(text = ''): string[] {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean);
  // A wildcard would allow DNS rebinding again.
  if (hosts.every((host) => /^[a-z\d-]+(?:\.[a-z\d-]+)*$/.test(host))) return hosts;
  throw new RangeError('ALLOWED_HOSTS must be host names such as demo.example.com, separated by commas.');
}

function readWhole(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  const text = environment[name]?.trim() ?? '';
  if (text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}.`);
}
