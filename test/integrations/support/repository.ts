import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30199"], namespaces: [shop]}
`;

/** Allowed. */
export const GOOD = service('api', '30100');
/** Denied in line 9. */
export const BAD = service('web', '29999');
export const BAD_MESSAGE =
  'spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool shop); use 30128, 30109 or 30136';
/** What `check` prints for people when BAD stands in that file. */
export const badInWords = (file: string): string => `${file}
  shop/web: denied
    ${file}:9:17  deny  ${BAD_MESSAGE}  [node-port-range]
        9 |       nodePort: 29999
          |                 ^^^^^
`;

export function service(name: string, nodePort: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  type: NodePort
  selector: {app: ${name}}
  ports:
    - port: 80
      nodePort: ${nodePort}
`;
}

/** A directory of its own with a policy and these files. */
export async function makeRepository(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'nodeport-gate-integration-')));
  for (const [name, text] of Object.entries({ 'nodeport-gate.yaml': POLICY, ...files })) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return directory;
}
