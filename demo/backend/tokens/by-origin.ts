const mostOrigins = 16;

/**
 * Caches one value for each origin of the server. The server writes its own origin into URLs, and a loopback address
 * has several names.
 */
export function byOrigin<Value>(create: (origin: string) => Value): (request: Request) => Value {
  const values = new Map<string, Value>();
  return (request) => {
    const { origin } = new URL(request.url);
    const known = values.get(origin);
    if (known !== undefined) return known;
    const value = create(origin);
    // The origin comes from the Host header, so a client can send any number of them.
    if (values.size >= mostOrigins) values.clear();
    values.set(origin, value);
    return value;
  };
}
