/** The example questions: what each one asks, and how. All are valid by the API. */
export const examples = [
  {
    title: 'What is in the graph?',
    query: `query WhatIsInside {
  stats {
    nodes { type count }
    relationships { type count }
    revision
    updatedAt
  }
}
`,
  },
  {
    title: 'Which companies take part in most projects?',
    query: `query BusiestCompanies($first: Int) {
  companies(
    first: $first
    orderBy: [{ field: PROJECTS_COUNT, direction: DESC }]
  ) {
    totalCount
    nodes {
      id
      name
      country
      projects(first: 1) { totalCount }
    }
  }
}
`,
    variables: { first: 10 },
  },
  {
    title: 'Who works on what, in one country?',
    query: `query ByCountry($filter: OrganizationFilter) {
  organizations(first: 10, filter: $filter) {
    totalCount
    nodes {
      id
      name
      city
      sectors(first: 3) { nodes { code labelEn } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: { filter: { country: { eq: 'FR' } } },
  },
  {
    title: 'Which partners of partners does one company have?',
    query: `query PartnersOfPartners($id: ID!) {
  organization(id: $id) {
    name
    projects(first: 3) {
      nodes {
        id
        organizations(first: 5) {
          nodes {
            name
            projects(first: 3) { nodes { id title } }
          }
        }
      }
    }
  }
}
`,
    variables: { id: 'org:pic:952966025' },
  },
  {
    title: 'Where does a fact come from?',
    query: `query WhereFrom($id: ID!) {
  organization(id: $id) {
    name
    records {
      locator
      source { title publisher url }
    }
  }
}
`,
    variables: { id: 'org:pic:952966025' },
  },
];
