/** Settings of `npm start`, from environment variables. */
export interface ServerSettings {
  readonly port: number;
  readonly tokenTtlSeconds: number;
}

/**
 * Reads `PORT` (0 to 65535, default 5173; 0 selects a free port) and `TOKEN_TTL` (seconds, default 30).
 *
 * @throws RangeError that names the variable.
 */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ServerSettings {
  return {
    port: readWhole(environment, 'PORT', { fallback: 5173, least: 0, most: 65_535 }),
    tokenTtlSeconds: readWhole(environment, 'TOKEN_TTL', { fallback: 30, least: 1, most: 86_400 }),
  };
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
