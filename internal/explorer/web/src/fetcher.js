// The page is at <base>/playground/, the API at <base>/graphql.
const endpoint = new URL('../graphql', document.baseURI);

/** Sends one operation and returns the answer, also when it is an error. */
export async function fetcher(params, options) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...options?.headers,
    },
    body: JSON.stringify(params),
  });
  return response.json();
}
