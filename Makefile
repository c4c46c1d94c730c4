# Recipes are silent; set-up talks on stderr only, so that stdout belongs to the command.
.SILENT:
.PHONY: demo test trials soak check attack words bench chaos setup browser clean
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
SUITE := not slow and not trial

help:
	echo "make demo    live through the program in your browser (ARGS=\"--autoplay --json --no-browser\")"
	echo "make test    the whole suite, on SQLite and on a real PostgreSQL"
	echo "make trials  short runs of make chaos and make attack, restarts, whole programs"
	echo "make soak    the long tests: 200 presses a second, 20,000 senseless payloads, the whole of make chaos"
	echo "make check   format, lint, types, imports, tests: what CI runs"
	echo "make words   gather every sentence for translators (allybot/locale/allybot.pot)"
	echo "make attack  attack the privacy of answers (ARGS=\"--short --json\"); also fetches opendp, 45 MB"
	echo "make bench   measurements"
	echo "make chaos   kills workers, breaks Slack and takes the database away (ARGS=\"--short\")"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv .venv 1>&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' 1>&2
	touch $(STAMP)

setup: $(STAMP)

demo: $(STAMP)
	$(BIN)/allybot demo $(ARGS)

test: $(STAMP)
	$(BIN)/pytest -q -n 3 --dist loadgroup -m "$(SUITE)" $(ARGS)

trials: $(STAMP)
	$(BIN)/pytest -q -m trial $(ARGS)

soak: $(STAMP)
	$(BIN)/pytest -q -m slow $(ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(STAMP)
	$(BIN)/python -m bench.throughput $(ARGS)

chaos: $(STAMP)
	$(BIN)/python -m tests.adversarial.chaos $(ARGS)

attack: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'opendp>=0.13,<1' 1>&2
	$(BIN)/python -m tests.adversarial.attacks $(ARGS)

words: $(STAMP)
	$(BIN)/pybabel -q extract -F pyproject.toml -k say -k count:1,2 -k marked --omit-header --sort-by-file \
		--add-location=file -o allybot/locale/allybot.pot .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache
