import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { configFaults } from './config-faults.js';
import { configSchema, type Config } from './config-schema.js';
import { describeJsonFaults } from './describe-json-faults.js';

/** An invalid configuration, with one line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line per fault, with the path of the option. Never contains a value. */
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super(`${path} is not a valid configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads and checks a configuration file (JSON) of `gatecast serve`. Paths in it are relative to the file.
 *
 * @throws ConfigError if the file cannot be read or an option is invalid. It names all faults, at most 50.
 */
export async function loadConfig(path: string): Promise<Config> {
  const text = await readText(path);
  const { faults: jsonFaults, value } = parseJson(text);
  if (value === undefined) throw new ConfigError(path, jsonFaults);
  const result = v.safeParse(configSchema, value);
  const faults = [...jsonFaults, ...configFaults(value)];
  if (faults.length > 0 || !result.success) throw new ConfigError(path, faults);
  return absolute(result.output, dirname(resolve(path))) as Config;
}

async function readText(path: string): Promise<string> {
  try {
    // Editors on Windows begin a file with this mark, which JSON does not have.
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why =
      code === 'ENOENT' ? 'there is no such file. Check the path' : `the file cannot be read (${code})`;
    throw new ConfigError(path, [why]);
  }
}

function parseJson(text: string): { faults: readonly string[]; value: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Also how UTF-16 looks when it is read as UTF-8.
    if (text.includes('\0'))
      return { faults: ['the file is not in UTF-8. Save it in UTF-8'], value: undefined };
    if (text.trim() === '') return { faults: ['the file is empty. Write a JSON object'], value: undefined };
    return describeJsonFaults(text);
  }
  return { faults: describeJsonFaults(text).faults, value };
}

/** `file` and `directory` are the only options with paths. */
function absolute(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => absolute(item, base));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      (key === 'file' || key === 'directory') && typeof item === 'string'
        ? resolve(base, item)
        : absolute(item, base),
    ]),
  );
}
