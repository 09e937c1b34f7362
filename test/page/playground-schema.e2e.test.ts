import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../e2e/support/control-plane.ts';
import { succeed } from '../e2e/support/kubectl.ts';
import { expectGenerated } from '../support/generated-file.ts';
import { type OpenApi, serviceSchemaOf } from './playground/service-schema.ts';

const FILE = join(import.meta.dirname, '../../src/page/playground/service-schema.json');

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(() => cluster.stop());

/** After an update of Kubernetes: `UPDATE_GENERATED=1 npm run e2e -- playground-schema`. */
it('knows the fields of a Service as the API server does', async () => {
  const openApi = JSON.parse(await succeed(cluster.kubectl, ['get', '--raw', '/openapi/v3/api/v1'])) as OpenApi;
  expectGenerated(FILE, `${JSON.stringify(serviceSchemaOf(openApi), null, 2)}\n`);
});
