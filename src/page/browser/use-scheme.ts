import { useEffect, useState } from 'preact/hooks';
import { useMedia } from './use-media.ts';

export type Scheme = 'light' | 'dark';

/** The colours in use, and how to change them. Those of the system until somebody chooses others, for this visit. */
export function useScheme(): readonly [Scheme, () => void] {
  const system: Scheme = useMedia('(prefers-color-scheme: dark)') ? 'dark' : 'light';
  const [chosen, setChosen] = useState<Scheme>();
  const scheme = chosen ?? system;
  useEffect(() => {
    if (chosen !== undefined) document.documentElement.dataset['scheme'] = chosen;
  }, [chosen]);
  return [scheme, () => setChosen(scheme === 'dark' ? 'light' : 'dark')];
}
