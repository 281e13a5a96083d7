/** The JSON of a response. @throws Error when the endpoint refuses or fails. */
export async function readJson<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  return (await response.json()) as T;
}
