import { render } from 'preact';
import { App } from './app.tsx';
import { embeddedMap } from './browser/embedded-map.ts';

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no place for itself');
place.replaceChildren();
render(<App embedded={embeddedMap()} />, place);
