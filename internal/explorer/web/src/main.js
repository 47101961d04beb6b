import './workers.js';
// One by one: the bundle of all styles embeds 600 KB of fonts.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './style.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

import { examplesPlugin } from './examples-plugin.js';
import { fetcher } from './fetcher.js';
import { firstQuery } from './query.js';

createRoot(document.getElementById('playground')).render(
  createElement(
    GraphiQL,
    {
      fetcher,
      plugins: [examplesPlugin, HISTORY_PLUGIN, explorerPlugin()],
      defaultQuery: firstQuery,
    },
    createElement(GraphiQL.Logo, null, 'Maillage'),
  ),
);
