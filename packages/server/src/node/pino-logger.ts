import { pino, type DestinationStream, type LevelWithSilent, type Logger as PinoLogger } from 'pino';

/** Fields that could contain a secret by mistake, at the top level or one level below. */
const SECRET_FIELDS = ['token', 'authorization', 'cookie', 'apiKey', 'secret', 'password', 'security', 'jwt'];

/**
 * Creates a pino logger that writes JSON lines and redacts fields that could contain a secret.
 *
 * @param destination - where to write; by default stdout.
 */
export function createPinoLogger(
  level: LevelWithSilent = 'info',
  destination?: DestinationStream,
): PinoLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const options = { level, base: null, redact: { paths, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}
