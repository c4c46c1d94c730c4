# Recipes are silent; set-up talks on stderr only, so that stdout belongs to the command.
.SILENT:
.PHONY: demo test trials shapes soak check coverage newest lock attack words typed bench chaos setup clean site release audit
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
RUNTIME := .venv/.runtime
EMULATOR := .venv/.emulator
DEV := .venv/.dev
PEERS := .venv/.peers
SUITE := not slow and not trial
# Every process of the suite, and every bot it starts, would otherwise compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

help:
	echo "make demo    live through the program in your browser (ARGS=\"--autoplay --json --no-browser\")"
	echo "make test    the whole suite, on SQLite and on a real PostgreSQL"
	echo "make trials  short runs of make chaos, make attack and make bench, restarts, whole programs"
	echo "make shapes  the journeys in an organisation and with a shared channel, by Socket Mode and by HTTP"
	echo "make soak    the long tests: 200 presses a second, 20,000 senseless payloads, the whole of make chaos"
	echo "make check   format, lint, types, imports, tests: what CI runs"
	echo "make coverage  the suite, and which lines and branches of allybot it never runs"
	echo "make lock    exact versions and hashes for what pyproject.toml asks for (ARGS=--upgrade takes the newest)"
	echo "make newest  the suite on the newest versions that pyproject.toml allows, in an environment of its own"
	echo "make words   gather every sentence for translators (allybot/locale/allybot.pot)"
	echo "make typed   train what recognises typed messages, and write docs/typed.md"
	echo "make attack  attack the privacy of answers (ARGS=\"--short --json\"); also fetches opendp, 45 MB"
	echo "make site    the documentation as a site, in site/"
	echo "make release wheel, source archive, list of parts and checksums, in dist/"
	echo "make audit   known weaknesses of what is locked, where advisory data can be reached"
	echo "make bench   speed, memory and growth beside other libraries, 15 minutes (ARGS=\"--scale 1m --json\")"
	echo "make chaos   kills workers, breaks Slack and takes the database away (ARGS=\"--short\")"

# What runs the product: exact versions with their hashes, then allybot itself, built by what is locked too.
$(RUNTIME): pyproject.toml requirements/runtime.txt
	$(PYTHON) -m venv .venv 1>&2
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/runtime.txt 1>&2
	$(BIN)/python $(PIP_INSTALL) --no-build-isolation --no-deps -e . 1>&2
	touch $@

$(EMULATOR): $(RUNTIME) requirements/emulator.txt
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/emulator.txt 1>&2
	touch $@

$(DEV): $(EMULATOR) requirements/dev.txt
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.txt 1>&2
	touch $@

# Libraries that allybot is compared with.
$(PEERS): $(DEV) requirements/bench.txt
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/bench.txt 1>&2
	touch $@

setup: $(DEV)

demo: $(EMULATOR)
	$(BIN)/allybot demo $(ARGS)

test: $(DEV)
	$(BIN)/pytest -q -n 3 --dist loadgroup -m "$(SUITE)" $(ARGS)

trials: $(PEERS)
	$(BIN)/pytest -q -m trial $(ARGS)

# Browser tests and trials begin the demo's workspace themselves.
shapes: $(DEV)
	for shape in "one workspace" "an organisation" "a shared channel"; do for transport in "Socket Mode" HTTP; do \
		echo "$$shape, $$transport"; ALLYBOT_TEST_SHAPE="$$shape" ALLYBOT_TEST_TRANSPORT="$$transport" \
		$(BIN)/pytest -q -n 3 tests/journeys -m "$(SUITE) and not browser" $(ARGS) || exit 1; done; done

soak: $(DEV)
	$(BIN)/pytest -q -m slow $(ARGS)

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

coverage: $(DEV)
	$(BIN)/pytest -q -n 3 --dist loadgroup -m "$(SUITE)" --cov --cov-report=term-missing:skip-covered $(ARGS)

newest:
	rm -rf .venv-newest
	$(PYTHON) -m venv .venv-newest 1>&2
	.venv-newest/bin/python $(PIP_INSTALL) -e '.[dev]' 1>&2
	.venv-newest/bin/pytest -q -n 3 --dist loadgroup -m "$(SUITE)" $(ARGS)

lock: $(DEV)
	$(LOCK) $(ARGS) pyproject.toml --group build -o requirements/runtime.txt
	$(LOCK) $(ARGS) pyproject.toml --group build --extra emulator -c requirements/runtime.txt -o requirements/emulator.txt
	$(LOCK) $(ARGS) pyproject.toml --group build --extra dev -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) $(ARGS) --group attack -c requirements/dev.txt -o requirements/attack.txt
	$(LOCK) $(ARGS) --group release -c requirements/runtime.txt -o requirements/release.txt
	$(LOCK) $(ARGS) --group site -o requirements/site.txt
	$(LOCK) $(ARGS) --group bench -c requirements/dev.txt -o requirements/bench.txt

bench: $(PEERS)
	$(BIN)/python -m bench $(ARGS)

chaos: $(DEV)
	$(BIN)/python -m tests.adversarial.chaos $(ARGS)

attack: $(DEV)
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/attack.txt 1>&2
	$(BIN)/python -m tests.adversarial.attacks $(ARGS)

# Both have an environment of their own: what they bring along is no part of the product or its tests.
.venv-%/.done: requirements/%.txt
	$(PYTHON) -m venv .venv-$* 1>&2
	.venv-$*/bin/python $(PIP_INSTALL) --require-hashes -r requirements/$*.txt 1>&2
	touch $@

site: .venv-site/.done
	.venv-site/bin/mkdocs build --strict --quiet $(ARGS)

release: .venv-release/.done
	.venv-release/bin/python -m bench.release release

audit: .venv-release/.done
	.venv-release/bin/python -m bench.release audit

words: $(DEV)
	$(BIN)/pybabel -q extract -F pyproject.toml -k say -k count:1,2 -k marked --omit-header --sort-by-file \
		--add-location=file -o allybot/locale/allybot.pot .

typed: $(DEV)
	$(BIN)/python -m tests.typed_corpus --train
	$(BIN)/python -m tests.typed_corpus --write

clean:
	rm -rf .venv .venv-newest .venv-site .venv-release dist site .coverage .mypy_cache .ruff_cache .hypothesis .import_linter_cache
