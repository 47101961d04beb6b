// The example questions of the project: one document each, whose comment begins
// with the question and whose variables have defaults.
const documents = import.meta.glob('../../../../examples/*.graphql', { query: '?raw', import: 'default', eager: true });

/** The example questions: what each one asks, and how. */
export const examples = Object.values(documents).map((query) => ({ title: question(query), query }));

/** The question with which the comment of a document begins. */
function question(document) {
  const comment = document.split('\n').filter((line) => line.startsWith('#'));
  const text = comment.map((line) => line.replace(/^# ?/, '')).join(' ');
  return text.slice(0, text.indexOf('?') + 1);
}
