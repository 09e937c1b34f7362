import type { PortTrait } from './view-state.ts';

/** What people call a state or mark. */
export const TRAIT_NAMES: Readonly<Record<PortTrait, string>> = {
  free: 'free',
  held: 'held',
  reserved: 'reserved',
  shared: 'shared',
  squatted: 'squatted',
  'host-port': 'host port taken',
  'open-to-world': 'open to the world',
  'outside-range': 'outside the range',
  unowned: 'outside every pool',
  'load-balancer': 'beside a load balancer',
  'health-check': 'health check',
};
