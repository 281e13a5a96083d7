import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../http/metrics.js';

export interface PrometheusMetrics extends Metrics {
  /** The text that Prometheus scrapes. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Measurements in a registry of their own, for Prometheus. Labels never hold streams or users. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const minted = new Counter({
    name: 'gatecast_tokens_minted_total',
    help: 'Tokens given out.',
    labelNames: ['purpose'],
    registers,
  });
  const refused = new Counter({
    name: 'gatecast_requests_refused_total',
    help: 'Requests answered with a problem, by its code.',
    labelNames: ['handler', 'code'],
    registers,
  });
  const answered = new Histogram({
    name: 'gatecast_request_duration_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['handler', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const vendorErrors = new Counter({
    name: 'gatecast_vendor_errors_total',
    help: 'Failed attempts at a vendor’s token service.',
    labelNames: ['service', 'code'],
    registers,
  });
  return {
    minted: (purpose, count) => minted.inc({ purpose }, count),
    refused: (handler, code) => refused.inc({ handler, code }),
    answered: (handler, status, seconds) => answered.observe({ handler, status }, seconds),
    vendorFailed: (service, code) => vendorErrors.inc({ service, code }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
