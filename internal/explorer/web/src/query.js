/** What the first tab asks: one company, its latest projects, and with whom. */
export const firstQuery = `# The latest projects of one organisation,
# and who else takes part in them.
#
# Ctrl-Enter runs it, Ctrl-Space completes,
# the book on the left is the documentation.

query LatestProjects {
  organization(id: "org:pic:952966025") {
    name
    city
    projects(
      first: 5
      orderBy: [{ field: FROM, direction: DESC }]
    ) {
      totalCount
      edges {
        role
        node {
          label
          from
          organizations(first: 5) {
            nodes {
              name
              country
            }
          }
        }
      }
    }
  }
}
`;
