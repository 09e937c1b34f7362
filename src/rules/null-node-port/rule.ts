import { z } from 'zod';
import { HEALTH_CHECK_PATH, nodePortPath } from '../../domain/node-port.ts';
import { formatPath, type Path, valueAt } from '../../domain/path.ts';
import { defineRule } from '../define.ts';

export const nullNodePort = defineRule({
  name: 'null-node-port',
  summary: 'Manifests do not write null, 0 or an empty string for a node port.',
  why: 'The cluster never keeps such a value, so GitOps tools see a difference between the repository and the cluster that no sync removes.',
  subject: 'every-service',
  origins: ['file'],
  words: ['nodePort', 'healthCheckNodePort'],
  // They say why there is no number, or why the one that the Service has should not be written out.
  yieldsTo: ['node-port-conflict', 'node-port-pool', 'node-port-range', 'node-port-reserved'],
  options: z.strictObject({}),
  messages: {
    open: { text: '{actual} is written, {fault}; write {number} or remove the line' },
    closed: { text: '{actual} is written, {fault}; remove the line' },
  },
  presets: { baseline: { enforcement: 'warn' }, restricted: { enforcement: 'warn' } },
  check({ service, written, ports }, _, report) {
    const numbers = new Map(ports.map(({ path, number }) => [formatPath(path), number]));
    // One number is not for all the Services that are created from a manifest with generateName.
    const numberAt = (path: Path): number | undefined =>
      service.name === '' ? undefined : numbers.get(formatPath(path));
    for (const path of [...service.ports.map(({ index }) => nodePortPath(index)), HEALTH_CHECK_PATH]) {
      const value = valueAt(written, path);
      if (value !== null && value !== 0 && value !== '') continue;
      const number = numberAt(path);
      const evidence = { value, fix: { path, value: number } };
      const facts = factsOf(value);
      if (number === undefined) report('closed', path, facts, evidence);
      else report('open', path, { ...facts, number }, evidence);
    }
  },
});

/** The API server does not even take the last one. */
function factsOf(value: null | 0 | ''): { readonly actual: string; readonly fault: string } {
  if (value === '') return { actual: '""', fault: 'which is no number' };
  return { actual: String(value), fault: 'which GitOps tools can never bring about' };
}
