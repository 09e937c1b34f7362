/** Names any Kubernetes object in reports and logs. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for an object without a namespace. */
  readonly namespace: string;
  /** Empty while only generateName is known. */
  readonly name: string;
  /** Empty for most objects. */
  readonly generateName: string;
}

/** Whether a namespace can be called so: an RFC 1123 label. */
export function isNamespaceName(text: string): boolean {
  return /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}
