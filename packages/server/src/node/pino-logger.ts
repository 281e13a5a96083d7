import { pino, type DestinationStream, type LevelWithSilent, type Logger as PinoLogger } from 'pino';
import { printableLines } from '../http/printable.js';

/** Fields that could contain a secret by mistake, at the top level or one level below. */
const SECRET_FIELDS = ['token', 'authorization', 'cookie', 'apiKey', 'secret', 'password', 'security', 'jwt'];

/**
 * Creates a pino logger that writes JSON lines and redacts fields that could contain a secret. Characters that a
 * terminal or a log viewer acts upon are written as JSON escapes.
 *
 * @param destination - where to write; by default stdout.
 */
export function createPinoLogger(
  level: LevelWithSilent = 'info',
  destination?: DestinationStream,
): PinoLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const options = { level, base: null, redact: { paths, censor: '[redacted]' } };
  const target = destination ?? pino.destination(1);
  // pino itself escapes only what JSON requires.
  return pino(options, { write: (line) => target.write(printableLines(line)) });
}
