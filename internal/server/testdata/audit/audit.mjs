// Audits the server at AUDIT_URL, prints what does not pass, and ends with the
// number of audits that do.
import { auditServer } from 'graphql-http';

const url = process.env.AUDIT_URL;
if (!url) throw new Error('AUDIT_URL must name the endpoint');

const results = await auditServer({ url, fetchFn: fetch });
let passed = 0;
for (const result of results) {
  if (result.status === 'ok') {
    passed++;
  } else {
    console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
  }
}
console.log(`${passed} of ${results.length}`);
process.exitCode = passed === results.length ? 0 : 1;
