/** Structured fields of a log line: JSON values. They never contain a token or key. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Receives log lines. A pino logger has this interface. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

const drop = (): void => undefined;

/** Logs nothing. */
export const silentLogger: Logger = { debug: drop, info: drop, warn: drop, error: drop };
