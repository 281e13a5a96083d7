/**
 * A driver's message in one line: the browser's own error, or the first line without the name of the call. Of an address
 * only the host is left, since its path or query may contain a token.
 */
export function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [code] = /net::ERR_\w+/.exec(message) ?? [];
  if (code !== undefined) return code;
  // What a browser printed that could not start.
  const [, printed] = /\[err\] (.+)/.exec(message) ?? [];
  const [first = ''] = message.split('\n', 1);
  return (printed ?? first.replace(/^[\w.]+: /, '')).replace(/\b\w+:\/\/(?:[^\s/@]*@)?([^\s/?#]*)\S*/g, '$1');
}
