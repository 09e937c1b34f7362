import type { ServiceRequest } from '../domain/request.ts';
import type { Service } from '../domain/service.ts';

/** Asks about a Service as it runs: nobody wants to change it, and nothing in it may change any more. */
export function runningRequest(service: Service): ServiceRequest {
  return {
    origin: 'cluster',
    uid: '',
    operation: 'UPDATE',
    stage: 'final',
    statusOnly: false,
    dryRun: false,
    user: undefined,
    service,
    oldService: undefined,
    heldAlready: [],
  };
}
