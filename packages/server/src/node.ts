export { toNodeListener, type NodeListener, type NodeListenerOptions } from './node/node-listener.js';
export { memoryRateLimiter } from './limit/memory-rate-limiter.js';
export { createPinoLogger } from './node/pino-logger.js';
export { createPrometheusMetrics, type PrometheusMetrics } from './node/prometheus-metrics.js';
export { readSecret, type SecretReference } from './node/read-secret.js';
export { openKeyDirectory, type KeyDirectory } from './node/key-directory.js';
export { ConfigError, loadConfig } from './ready/load-config.js';
export type { Config } from './ready/config-schema.js';
export { serve, type RunningServer } from './ready/serve.js';
