import type { Context } from 'hono';

/** Reads the JSON object in a request body. `null` if the body is not an object or has another content type. */
export async function readJsonObject(context: Context): Promise<Record<string, unknown> | null> {
  if (!/^application\/json\b/i.test(context.req.header('Content-Type') ?? '')) return null;
  const body = await context.req.json<unknown>().catch(() => null);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null;
}
