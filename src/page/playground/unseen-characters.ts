import type { Extension } from '@codemirror/state';
import { highlightSpecialChars } from '@codemirror/view';
import { escaped, UNSEEN } from '../../domain/text.ts';

/** Everything but tabs that cannot be seen is drawn as JSON writes it; the text stays as it is. */
export const UNSEEN_CHARACTERS: Extension = highlightSpecialChars({
  specialChars: new RegExp(`(?!\\t)${UNSEEN.source}`, 'gu'),
  render: (code, description) => {
    const label = description ?? '';
    const mark = document.createElement('span');
    mark.className = 'cm-specialChar';
    mark.textContent = escaped(String.fromCodePoint(code));
    mark.title = label;
    mark.role = 'img';
    mark.ariaLabel = label;
    return mark;
  },
});
