import { pino, type DestinationStream, type LevelWithSilent, type Logger as PinoLogger } from 'pino';

/** Fields that may hold a secret by mistake, at any place a log line of ours has. */
const SECRET_FIELDS = ['token', 'authorization', 'cookie', 'apiKey', 'secret', 'password', 'security', 'jwt'];

/** JSON lines by pino, with every field that could hold a secret blanked out. */
export function createPinoLogger(
  level: LevelWithSilent = 'info',
  destination?: DestinationStream,
): PinoLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const options = { level, base: null, redact: { paths, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}
