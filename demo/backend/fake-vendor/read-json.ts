import type { Context } from 'hono';

/** The JSON object of a request, or `null` when it is none or says it is something else. */
export async function readJsonObject(context: Context): Promise<Record<string, unknown> | null> {
  if (!/^application\/json\b/i.test(context.req.header('Content-Type') ?? '')) return null;
  const body = await context.req.json<unknown>().catch(() => null);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null;
}
