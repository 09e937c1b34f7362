import type { Choose } from './choose.ts';
import type { Draft } from './manifest-texts.ts';

/** How a Service is open on the nodes; most of it as bench/check-policy.yaml wants it. */
export interface Exposure {
  readonly type: 'NodePort' | 'LoadBalancer';
  /** Of its ports, in order; a port without one leaves it to the gate. */
  readonly numbers: readonly number[];
  readonly sources: string | undefined;
  readonly trafficPolicy: 'Local' | 'Cluster' | undefined;
  readonly externalIp: string | undefined;
}

const SERVICE_PORTS = [
  { name: 'http', port: 80, targetPort: 'http' },
  { name: 'metrics', port: 9090, targetPort: 'metrics' },
] as const;

/** Four pools of 500 numbers, one for ten teams each. */
const FIRST_NUMBER = 30_000;
const POOL_SIZE = 500;
/** Prime to the size of a pool, so that numbers scatter and none comes twice by itself. */
const STRIDE = 7;

/** Gives numbers out of a team's pool; now and then one that has been given out before. */
export function numbersFrom(choose: Choose): (team: string) => number {
  const counts = new Map<number, number>();
  return (team) => {
    const pool = FIRST_NUMBER + POOL_SIZE * Number(team.charAt('team-'.length));
    const count = counts.get(pool) ?? 0;
    const isConflict = count > 0 && choose.percent(4);
    if (!isConflict) counts.set(pool, count + 1);
    return pool + (((isConflict ? choose.below(count) : count) * STRIDE) % POOL_SIZE);
  };
}

/** A Service in six is open on the nodes, and of these one in four has something wrong. */
export function exposureOf({ team }: Draft, numberFor: (team: string) => number, choose: Choose): Exposure | undefined {
  if (!choose.percent(17)) return undefined;
  const sound: Exposure = {
    type: choose.percent(70) ? 'NodePort' : 'LoadBalancer',
    numbers: choose.percent(15) ? [] : Array.from({ length: 1 + choose.below(2) }, () => numberFor(team)),
    sources: choose.from(['10.0.0.0/8', '203.0.113.0/24', '10.20.0.0/16, 203.0.113.64/26', '192.0.2.0/24,10.0.0.0/9']),
    trafficPolicy: 'Local',
    externalIp: undefined,
  };
  return choose.percent(25) ? { ...sound, ...faultOf(choose) } : sound;
}

function faultOf(choose: Choose): Partial<Exposure> {
  return choose.from<Partial<Exposure>>([
    // The API server's range ends at 32767.
    { numbers: [32_768 + choose.below(1_000)] },
    { numbers: [8_000 + choose.below(500)] },
    // Of no pool.
    { numbers: [32_000 + choose.below(700)] },
    { sources: undefined },
    { sources: '0.0.0.0/0' },
    { sources: '203.0.113.7' },
    { trafficPolicy: 'Cluster' },
    { trafficPolicy: undefined },
    { externalIp: '198.51.100.4' },
  ]);
}

export function service(draft: Draft, exposure: Exposure | undefined, choose: Choose): string {
  const lines = [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${draft.name}`,
    `  namespace: ${draft.team}`,
    '  labels:',
    `    app.kubernetes.io/name: ${draft.name}`,
    ...annotations(exposure, choose),
    'spec:',
    ...specOf(exposure, choose),
    '  selector:',
    `    app.kubernetes.io/name: ${draft.name}`,
    '  ports:',
    ...ports(exposure, choose),
  ];
  return `${lines.join('\n')}\n`;
}

function annotations(exposure: Exposure | undefined, choose: Choose): readonly string[] {
  const lines = [
    ...(exposure?.sources === undefined ? [] : [`    nodeport-gate.dev/source-cidrs: "${exposure.sources}"`]),
    ...(choose.percent(20) ? ['    prometheus.io/scrape: "true"', "    prometheus.io/port: '9090'"] : []),
  ];
  return lines.length === 0 ? [] : ['  annotations:', ...lines];
}

function specOf(exposure: Exposure | undefined, choose: Choose): readonly string[] {
  if (exposure === undefined) return choose.percent(50) ? ['  type: ClusterIP'] : [];
  const { type, trafficPolicy, externalIp } = exposure;
  return [
    `  type: ${type}${choose.percent(10) ? ' # the partner network cannot reach the ingress' : ''}`,
    ...(trafficPolicy === undefined ? [] : [`  externalTrafficPolicy: ${trafficPolicy}`]),
    ...(externalIp === undefined ? [] : ['  externalIPs:', `    - ${externalIp}`]),
  ];
}

function ports(exposure: Exposure | undefined, choose: Choose): readonly string[] {
  const wanted = Math.max(exposure?.numbers.length ?? 1, 1 + choose.below(2));
  return SERVICE_PORTS.slice(0, wanted).flatMap(({ name, port, targetPort }, index) => {
    const number = exposure?.numbers[index];
    return [
      `    - name: ${name}`,
      `      port: ${port}`,
      `      targetPort: ${targetPort}`,
      ...(choose.percent(30) ? ['      protocol: TCP'] : []),
      ...(number === undefined ? [] : [`      nodePort: ${number}`]),
    ];
  });
}
