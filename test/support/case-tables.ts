import type { CaseTable } from '../../src/rules/cases.ts';

declare global {
  interface ImportMeta {
    /** Vitest writes one import for each matching file in its place. */
    glob<Export>(pattern: string, options: { readonly eager: true; readonly import: string }): Record<string, Export>;
  }
}

const found = import.meta.glob<CaseTable<string>>('../../src/rules/*/cases.ts', { eager: true, import: 'cases' });

/** The tables of all folders in `src/rules`, sorted by the name of their rule. */
export const tables: readonly CaseTable<string>[] = Object.values(found).toSorted((a, b) =>
  a.rule.meta.name < b.rule.meta.name ? -1 : 1,
);
