import type { Material } from './judge.ts';

/** The server certificate, kept up to date from wherever it comes. */
export interface CertificateSource {
  /** What to serve now: always consistent, replaced as a whole. */
  material(): Material;
  /** The end of that material. */
  expiresAt(): Date;
  /** Why newer material is not served, or that this ends soon; empty when all is well. Lines for the operator. */
  problems(): readonly string[];
  close(): void;
}
