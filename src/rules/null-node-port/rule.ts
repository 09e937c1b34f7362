import { z } from 'zod';
import { HEALTH_CHECK_PATH, nodePortPath } from '../../domain/node-port.ts';
import { formatPath, type Path, valueAt } from '../../domain/path.ts';
import { defineRule } from '../define.ts';

export const nullNodePort = defineRule({
  name: 'null-node-port',
  summary: 'Manifests do not write null or 0 for a node port.',
  why: 'The cluster never keeps such a value, so GitOps tools see a difference between the repository and the cluster that no sync removes.',
  subject: 'every-service',
  origins: ['file'],
  words: ['nodePort', 'healthCheckNodePort'],
  // They say why there is no number, or why the one that the Service has should not be written out.
  yieldsTo: ['node-port-conflict', 'node-port-pool', 'node-port-range', 'node-port-reserved'],
  options: z.strictObject({}),
  messages: {
    open: { text: '{actual} is written, which GitOps tools can never bring about; write {number} or remove the line' },
    closed: { text: '{actual} is written, which GitOps tools can never bring about; remove the line' },
  },
  presets: { baseline: { enforcement: 'warn' }, restricted: { enforcement: 'warn' } },
  check({ service, written, ports }, _, report) {
    const numbers = new Map(ports.map(({ path, number }) => [formatPath(path), number]));
    // One number is not for all the Services that are created from a manifest with generateName.
    const numberAt = (path: Path): number | undefined =>
      service.name === '' ? undefined : numbers.get(formatPath(path));
    for (const path of [...service.ports.map(({ index }) => nodePortPath(index)), HEALTH_CHECK_PATH]) {
      const value = valueAt(written, path);
      if (value !== null && value !== 0) continue;
      const number = numberAt(path);
      const evidence = { value, fix: { path, value: number } };
      const actual = String(value);
      if (number === undefined) report('closed', path, { actual }, evidence);
      else report('open', path, { actual, number }, evidence);
    }
  },
});
