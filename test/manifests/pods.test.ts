import { describe, expect, it } from 'vitest';
import { type ServeFlags, settingsFrom } from '../../src/cli/settings.ts';
import { at, objectsOf, pick, readManifest } from './support/objects.ts';

const deployment = pick(objectsOf(readManifest('base/deployment.yaml')), 'Deployment nodeport-gate');
const pod = at(deployment, 'spec', 'template', 'spec');
const container = at(pod, 'containers', 0);

/** `--cert-dir=X` as commander hands it on. */
function flagsOf(args: unknown): ServeFlags {
  const [command, ...flags] = args as readonly string[];
  expect(command).toBe('serve');
  return Object.fromEntries(
    flags.map((text) => {
      const [name = '', value] = text.replace(/^--/, '').split('=', 2);
      const field = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [field, field === 'policy' ? [value] : (value ?? true)];
    }),
  );
}

describe('the pods', () => {
  it('run unprivileged, on a file system that nobody can write', () => {
    expect(at(pod, 'securityContext')).toEqual({
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(container, 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([at(pod, 'hostNetwork'), at(pod, 'hostPID'), at(pod, 'hostIPC')]).toEqual([undefined, undefined, undefined]);
  });

  it('are replaced one by one, and never all of them at once', () => {
    expect([at(deployment, 'spec', 'replicas'), at(deployment, 'spec', 'strategy')]).toEqual([
      2,
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    ]);
    const [budget] = objectsOf(readManifest('base/pod-disruption-budget.yaml'));
    expect(at(budget, 'spec')).toEqual({
      minAvailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: at(deployment, 'spec', 'selector'),
    });
  });

  it('get flags that the gate knows, and variables that read like flags from nobody', () => {
    expect(at(pod, 'enableServiceLinks')).toBe(false);
    const settings = settingsFrom(flagsOf(at(container, 'args')), {});
    expect(settings.ok && settings.value).toMatchObject({
      host: '0.0.0.0',
      cluster: 'in-cluster',
      policy: ['/etc/nodeport-gate/policy'],
      port: 8443,
      operationsPort: 9090,
    });
  });

  it('have more time to end than the longest drain: the delay, and the webhook timeout', () => {
    const settings = settingsFrom(flagsOf(at(container, 'args')), {});
    const delayMs = settings.ok ? settings.value.shutdownDelayMs : Number.NaN;
    expect(delayMs / 1000 + 5).toBeLessThan(Number(at(pod, 'terminationGracePeriodSeconds')));
  });

  it('mount the policy as a directory, which follows its ConfigMap', () => {
    expect([at(container, 'volumeMounts'), at(pod, 'volumes')]).toEqual([
      [{ name: 'policy', mountPath: '/etc/nodeport-gate/policy', readOnly: true }],
      [{ name: 'policy', configMap: { name: 'nodeport-gate-policy' } }],
    ]);
  });
});
