/** Name of the query field and of the cookie. */
export const PACKAGE_FIELD = 'URISigningPackage';

/**
 * `cdniuc`: a regular expression for every address in one folder of a host. Everything but the end is literal, and it is anchored
 * at both ends, because Traffic Server does not do that itself.
 *
 * @param host - host, with a port that is not the scheme's own.
 * @param folder - path of the folder as it is in addresses, with a slash at the end.
 */
export function uriContainer(host: string, folder: string): string {
  return `regex:^https?://${literal(host)}${literal(folder)}.*$`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
