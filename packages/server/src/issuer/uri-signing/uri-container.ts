/** Name of the query field and of the cookie. */
export const PACKAGE_FIELD = 'URISigningPackage';

/** Characters that stay percent-encoded in a normalized address (RFC 3986 section 2.2). */
const RESERVED = /[:/?#[\]@!$&'()*+,;=]/;

/**
 * `cdniuc`: a POSIX extended regular expression for every address in one folder of a host. Everything but the end is literal, and
 * it is anchored at both ends, because Traffic Server does not do that itself. Traffic Server decodes every character of an address
 * that is not reserved, and RFC 3986 only letters, digits and `-._~`, so both forms are in the expression.
 *
 * @param folder - address of the folder, with a slash at the end. Its path must be one that `canDecode` accepts.
 */
export function uriContainer({ host, pathname }: URL): string {
  return `regex:^https?://${literal(host)}${literal(pathname)}.*$`;
}

/** Is the percent-encoding of a part of an address that of a text? */
export function canDecode(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function literal(text: string): string {
  return text.replace(/(?:%[\dA-F]{2})+|[\\^$.*+?()[\]{}|]/gi, (part) =>
    part.startsWith('%') ? decodeURIComponent(part).replace(/./gsu, eitherForm) : `\\${part}`,
  );
}

function eitherForm(character: string): string {
  const encoded = encodeURIComponent(character);
  if (RESERVED.test(character)) return encoded;
  return encoded === character ? literal(character) : `(${encoded}|${literal(character)})`;
}
