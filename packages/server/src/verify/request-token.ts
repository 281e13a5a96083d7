export interface AuthorizationToken {
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
}

/** Reads the token of `Authorization: Bearer` (RFC 6750) or `Authorization: DPoP` (RFC 9449 section 7.1). */
export function readAuthorization(request: Request): AuthorizationToken | null {
  const [, scheme, token] =
    /^(Bearer|DPoP) +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '') ?? [];
  if (scheme === undefined || token === undefined) return null;
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token };
}

/**
 * Reads the token of a request from `Authorization: Bearer` or `DPoP`, else from the query parameter. Returns `null` if
 * there is none.
 */
export function readRequestToken(request: Request, parameter = 'token'): string | null {
  return readAuthorization(request)?.token ?? new URL(request.url).searchParams.get(parameter);
}
