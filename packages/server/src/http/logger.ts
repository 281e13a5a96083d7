/** Structured fields of a log line: JSON values. Gatecast puts no token and no key into them. */
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
