import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A line to take along. Where the browser does not let it be copied, it is selected instead. */
export function CopyLine({ text, what }: { readonly text: string; readonly what: string }): VNode {
  const [said, setSaid] = useState('');
  const code = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setSaid('selected');
    }
  };
  return (
    <div class="copy">
      <code ref={code}>{text}</code>
      <button type="button" class="plain" onClick={() => void copy()} aria-label={`Copy ${what}`}>
        Copy
      </button>
      <span role="status">{said}</span>
    </div>
  );
}
