interface ListenOptions {
  readonly port: number;
  readonly host: string;
}

/**
 * Says why a server cannot listen, and which option to change.
 *
 * @param option - the group of options that has the port and the host.
 * @returns an error with the `code` of Node.
 */
export function listenFault(
  error: unknown,
  { port, host }: ListenOptions,
  option: 'listen' | 'metrics' | 'admin',
): Error & { readonly code: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const where = `The server cannot listen on port ${String(port)} of ${host}`;
  const flag = option === 'listen' ? ' or --port' : '';
  const set = `set ${option}.port${flag} to another port`;
  const texts: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where}: another program uses it. Stop that program, or ${set}.`,
    EACCES: `${where}: this user may not use it. Use a port above 1023: ${set}.`,
    EADDRNOTAVAIL: `${where}: this machine does not have that address. Change ${option}.host.`,
    ENOTFOUND: `${where}: the name of the host is not known. Change ${option}.host.`,
  };
  const text = texts[code] ?? `${where} (${code}). Change ${option}.port or ${option}.host.`;
  return Object.assign(new Error(text, { cause: error }), { code });
}
