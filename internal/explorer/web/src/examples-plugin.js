// A plugin of GraphiQL that lists example questions. A click opens one in a
// new tab and runs it.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { createElement as h } from 'react';

import { examples } from './examples.js';

function Icon() {
  return h(
    'svg',
    { width: 18, height: 18, viewBox: '0 0 18 18', fill: 'none', stroke: 'currentColor', strokeWidth: 1.4 },
    h('path', { d: 'M6.4 6.4a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.2 1-1.2 1.9' }),
    h('path', { d: 'M9 13v.6', strokeLinecap: 'round' }),
    h('circle', { cx: 9, cy: 9, r: 8 }),
  );
}

function Examples() {
  const { addTab, run } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const open = (example) => {
    addTab();
    queryEditor?.setValue(example.query);
    // The editor tells the store of its value after a moment.
    setTimeout(run, 300);
  };
  return h(
    'section',
    { 'aria-label': 'Example questions' },
    h('h2', { className: 'examples-title' }, 'Example questions'),
    h(
      'ul',
      { className: 'examples' },
      examples.map((example) =>
        h(
          'li',
          { key: example.title },
          h('button', { type: 'button', className: 'graphiql-button', onClick: () => open(example) }, example.title),
        ),
      ),
    ),
  );
}

export const examplesPlugin = { title: 'Example questions', icon: Icon, content: Examples };
