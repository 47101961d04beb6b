# The commands of the project. `make test` alone installs what tests need.

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: build check test bench evaluate reasons generate golden assets lint vuln

build: ## the program, in ./maillage
	go build -trimpath -o maillage ./cmd/maillage

check: ## what every commit passes: formatting, vet, build, quick tests
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go test -short ./...

lint: ## linters
	go run $(GOLANGCI) run ./...

vuln: ## known vulnerabilities of dependencies; asks a database on the network
	go run $(VULNCHECK) ./...

# The longest package first: the others run beside it.
test: ## everything, with a real Neo4j and a real browser
	bash .ci/install
	NEO4J_TESTS=required AUDIT_TESTS=required BROWSER_TESTS=required go run ./internal/neo4jtest/run -- go test -timeout 45m ./internal/store/neo4jstore ./...

bench: ## the figures of the README, as ratios of one run
	go run ./internal/neo4jtest/run -heap 4096 -pagecache 3072 -- go run ./internal/bench

evaluate: ## how often suggested partners came true; H2020=FOLDER holds the files of CORDIS to 2021
	go run ./cmd/maillage evaluate partners --train-until 2018 --test 2019-2022 $(H2020)

reasons: ## that scores are the sums of their reasons, and these are true, for 10,000 pairs of the files in H2020=FOLDER
	H2020="$(H2020)" go test ./internal/ranking -run TestScoresAreTheSumOfTheirReasons -count=1 -v

generate: ## what is derived from schema.graphqls
	go generate ./...

golden: ## plans, statements and answers of the corpus; read the diff
	go test ./internal/corpus -update

assets: ## the pages inside the program, from internal/explorer/web; needs Node
	npm --prefix internal/explorer/web ci
	npm --prefix internal/explorer/web run assets
