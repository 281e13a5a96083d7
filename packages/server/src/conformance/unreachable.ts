/** What a failed request means, by the code of its cause. The first pattern that matches counts. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'The connection was refused: no server listens at this address.'],
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_\w+)$/, 'The host name cannot be resolved.'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'The network has no route to this address.'],
  [/^(?:ETIMEDOUT|UND_ERR_\w*TIMEOUT|TimeoutError)$/, 'The server did not respond within the time limit.'],
  [
    /^(?:ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)|EPROTO)$/,
    'TLS failed: the server does not speak TLS at this port. Try http://.',
  ],
  [
    /CERT|SELF_SIGNED|SIGNATURE|ISSUER|ALTNAME/,
    'TLS failed: the certificate is not trusted. For a certificate authority of your own, set NODE_EXTRA_CA_CERTS.',
  ],
  [/SSL|TLS/, 'TLS failed.'],
  [/^HPE_/, 'The response is not HTTP. Try https://.'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The server closed the connection without a response.'],
];

/** Why a request failed, in one line with the code of the cause. Contains nothing of the request. */
export function whyUnreachable(error: unknown): string {
  const code = codeOf(error);
  const words = causes.find(([pattern]) => pattern.test(code))?.[1] ?? 'The request failed. Check the URL.';
  return `${words} (${code})`;
}

/** `fetch` wraps the error of the network as its cause. Of several addresses, the first error counts. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  for (const each of [cause, cause instanceof AggregateError ? (cause.errors as unknown[])[0] : undefined]) {
    const code = each instanceof Error && 'code' in each ? each.code : undefined;
    // A code of another library could be anything.
    if (typeof code === 'string' && /^\w{1,60}$/.test(code)) return code;
  }
  return error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'unknown error';
}
