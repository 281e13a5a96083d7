const mostOrigins = 16;

/**
 * Keeps one value for each origin under which the server is reached: its own address stands in what it writes, and
 * loopback has several names.
 */
export function byOrigin<Value>(create: (origin: string) => Value): (request: Request) => Value {
  const values = new Map<string, Value>();
  return (request) => {
    const { origin } = new URL(request.url);
    const known = values.get(origin);
    if (known !== undefined) return known;
    const value = create(origin);
    // Origins come from the Host header, so there may be any number of them.
    if (values.size >= mostOrigins) values.clear();
    values.set(origin, value);
    return value;
  };
}
