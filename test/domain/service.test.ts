import { expect, it } from 'vitest';
import { byRef, formatRef } from '../../src/domain/service.ts';

it('Services are sorted by namespace, then by name', () => {
  const refs = ['a-b/web', 'a/web-2', 'b/a', 'a/web', 'a/web.x'].map((ref) => {
    const [namespace = '', name = ''] = ref.split('/');
    return { namespace, name };
  });
  expect(refs.toSorted(byRef).map(formatRef)).toEqual(['a/web', 'a/web-2', 'a/web.x', 'a-b/web', 'b/a']);
});
