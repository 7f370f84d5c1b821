# Two commands do everything: `make run` and `make test`. Each prepares what it needs.
.PHONY: run test fast browser soak check fix bench gallery messages lock help

run: ## Start Withus with its demo on http://127.0.0.1:8000
	./withus up --demo

test: fast browser ## Every test, the real-browser ones included

fast: ## Every test that needs no browser
	./withus run pytest -n auto -m "not browser and not soak"

browser: ## The real-browser tests alone
	./withus run pytest -m browser

soak: ## The full numbers that issues name (long)
	WITHUS_SOAK=yes ./withus run pytest tests/running tests/public_log/test_races.py tests/compute/test_opinion_map.py tests/compute/test_one_cloud.py tests/voices/test_sealed.py

check: ## Lint, types, import contracts, migrations, catalogues
	./withus run ruff check src tests bench tools
	./withus run ruff format --check src tests bench tools
	./withus run mypy
	./withus run lint-imports
	./withus run python tools/django makemigrations --check --dry-run
	./withus run python tools/messages --check

fix: ## Tidy the code
	./withus run ruff check --fix src tests bench tools
	./withus run ruff format src tests bench tools

bench: ## Measure, against a peer or ceiling in the same run; writes bench/results.json
	./withus run python bench/run.py

gallery: ## A picture of each page for each role, 320 and 1280 px, English and Arabic
	./withus run python tests/browser/gallery.py

messages: ## Collect the texts for translators
	./withus run python tools/messages

lock: ## New versions, with hashes
	./withus run uv --version >/dev/null
	sh tools/lock

help: ## This list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'
