import { CliError } from './cli-io.js';

/**
 * Reads header fields from a text with one `Name: value` in each line.
 *
 * @throws CliError for any other line; the message has its number only.
 */
export function readHeaderLines(text: string): Headers {
  const headers = new Headers();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t -~]+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new CliError(
        `Line ${String(index + 1)} of the headers is not "Name: value". Write it like "X-CSRF-Token: abc", with ASCII characters only.`,
      );
    headers.append(name, value);
  }
  return headers;
}
