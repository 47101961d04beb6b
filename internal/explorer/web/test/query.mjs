// The first question is valid by the API that the service publishes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { buildSchema, parse, validate } from 'graphql';

import { firstQuery } from '../src/query.js';

const schema = buildSchema(readFileSync(new URL('../../../../graph/generated/api.graphqls', import.meta.url), 'utf8'));

test('first question', () => {
  assert.deepEqual(validate(schema, parse(firstQuery)).map(String), []);
});
