import { z } from 'zod';

const API_VERSION = 'nodeport-gate.dev/v1alpha1';
export const KINDS = ['NodePortPolicy', 'NodePortPool', 'NodePortException', 'ClusterProfile'] as const;
export type Kind = (typeof KINDS)[number];
/** What a policy is expected to say; no part of the policy. */
export const TEST_KIND = 'PolicyTest';

/** DNS-1123 subdomain, what Kubernetes demands of most names. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_FORM = 'write lower-case letters, digits, - and . (not at the ends), at most 253 in all';

const metadata = z.strictObject({
  name: z
    .string()
    .regex(NAME, { error: NAME_FORM })
    .max(253, { error: NAME_FORM })
    .describe('The name by which messages, annotations and other documents speak of it; unique within its kind.'),
  labels: z.record(z.string(), z.string()).optional().describe('For your own tools; not read by the gate.'),
  annotations: z.record(z.string(), z.string()).optional().describe('For your own tools; not read by the gate.'),
});

/** The frame that all kinds share. */
export function envelope<K extends Kind | typeof TEST_KIND, Spec extends z.ZodType>(kind: K, spec: Spec) {
  return z.strictObject({
    apiVersion: z.literal(API_VERSION).describe('The version of this format.'),
    kind: z.literal(kind).describe('Which of the four kinds of policy document this is.'),
    metadata: metadata.describe('The name; documents are not in any namespace.'),
    spec: spec.describe('The contents.'),
  });
}
