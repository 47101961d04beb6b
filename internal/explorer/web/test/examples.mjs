// The first question and the examples are valid by the API that the service
// publishes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { buildSchema, parse, validate } from 'graphql';

import { examples } from '../src/examples.js';
import { firstQuery } from '../src/query.js';

const schema = buildSchema(readFileSync(new URL('../../../../graph/generated/api.graphqls', import.meta.url), 'utf8'));

for (const { title, query } of [{ title: 'first question', query: firstQuery }, ...examples]) {
  test(title, () => {
    assert.deepEqual(validate(schema, parse(query)).map(String), []);
  });
}
