import { join } from 'node:path';
import { it } from 'vitest';
import { expectGenerated } from '../support/generated-file.ts';
import { MANIFESTS, readManifest } from './support/objects.ts';

/** Neither kustomize nor Helm reads files outside its own directory, so each has a copy. */
const COPIES: readonly { readonly from: string; readonly to: string; readonly up: string }[] = [
  { from: 'floor.yaml', to: 'base/floor.yaml', up: '../floor.yaml' },
  { from: 'floor.yaml', to: 'chart/files/floor.yaml', up: '../../floor.yaml' },
  { from: 'base/policy.yaml', to: 'chart/files/policy.yaml', up: '' },
  {
    from: 'components/monitoring/prometheus-rule.yaml',
    to: 'chart/files/prometheus-rule.yaml',
    up: '../../components/monitoring/prometheus-rule.yaml',
  },
  { from: 'components/monitoring/dashboard.json', to: 'chart/files/dashboard.json', up: '' },
];

it.each(COPIES)('$to is a copy of $from', ({ from, to, up }) => {
  const origin = up === '' ? '' : `# A copy of ${up}, which is the one to change; then run: npm run generate\n`;
  expectGenerated(join(MANIFESTS, to), origin + readManifest(from));
});
