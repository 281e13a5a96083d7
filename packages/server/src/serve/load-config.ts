import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { configSchema, type Config } from './config-schema.js';

/** A configuration that cannot be used, with one line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super(`${path} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Reads and checks a configuration file. Paths in it are relative to it. @throws ConfigError */
export async function loadConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(path, [
      `it cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'})`,
    ]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError(path, ['it is not valid JSON']);
  }
  const result = v.safeParse(configSchema, json);
  if (!result.success) throw new ConfigError(path, result.issues.map(describeIssue));
  return withAbsolutePaths(result.output, dirname(resolve(path)));
}

/** Names the option; the value is not quoted, because someone may have pasted a secret there. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  const option = v.getDotPath(issue) ?? '(top level)';
  if (issue.type === 'strict_object') {
    return issue.expected === 'never' ? `${option}: there is no such option` : `${option}: is missing`;
  }
  const isOwnMessage = /^(?:is|needs) /.test(issue.message);
  return `${option}: ${isOwnMessage ? issue.message : `expected ${issue.expected ?? issue.requirement?.toString() ?? 'something else'}`}`;
}

function withAbsolutePaths(config: Config, base: string): Config {
  return absolute(config, base) as Config;
}

/** `file` and `directory` are the only options that hold paths. */
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
