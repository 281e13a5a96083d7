/**
 * What a log line says of an error: its name, and the code that Redis begins its errors with, for example `NOPERM`. The rest of a
 * message may have parts of the command.
 */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const [code] = /^[A-Z]{3,20}(?= )/.exec(error.message) ?? [];
  return code === undefined ? error.name : `${error.name} ${code}`;
}
