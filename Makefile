PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BROWSER := $(VENV)/.browser
DEMO := .demo/library
# Two at a time, a file as a whole, so that what its tests share is made once.
# In our order: tests/conftest.py has the files that take longest begin first.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
Q ?= Who is the Vietnamese ambassador in Pyongyang?
export Q

.PHONY: demo test quick check lint bench lock vendor browser clean

## make demo [Q="a question"]: index the sample documents, answer from them
demo: $(INSTALLED)
	@$(BIN)/qa add seeds --library $(DEMO)
	@echo
	@echo "Q: $$Q"
	@echo
	@$(BIN)/qa ask --library $(DEMO) -k 3 -- "$$Q"

## make test: the whole test suite
test: $(INSTALLED) $(BROWSER)
	$(PYTEST)

## make quick: the tests that need no model, library, command or browser; takes a minute
quick: $(INSTALLED)
	$(PYTEST) -m "not slow"

## make check: linters, types, import rules and the whole test suite, as CI runs them
check: lint test

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## make bench [SQUAD2=folder] [SETS=folder]: print what the speed and quality claims are measured with
bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

## make lock: resolve the dependencies again
# A local build's suffix (+cpu) is cut: the same version from elsewhere must satisfy it too.
lock: $(INSTALLED)
	$(BIN)/pip-compile --quiet --extra dev --strip-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --unsafe-package torch \
	  --allow-unsafe --upgrade-package torch==2.13.0 --output-file constraints.txt pyproject.toml
	sed -i 's/^\(torch==[0-9.]*\)+.*/\1/; /^pip==/d; /^#/d; /^$$/d' constraints.txt

## make browser: a Chromium for the tests of the page; Debian's where apt can be had, else Playwright's own
browser: $(BROWSER)
$(BROWSER): $(INSTALLED)
	command -v chromium >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	       && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
	  || $(BIN)/python -m playwright install chromium
	@touch $@

## make vendor: fetch the page's one library again; needs npm, as nothing else here does
LIT := lit-html@3.3.3
LIT_FILES := LICENSE lit-html.js directive.js directive-helpers.js async-directive.js \
  directives/live.js directives/ref.js directives/repeat.js
vendor:
	mkdir -p build && cd build && npm pack --silent $(LIT) && tar -xzf lit-html-*.tgz && rm lit-html-*.tgz
	$(foreach file,$(LIT_FILES),install -D -m 644 build/package/$(file) api/web/vendor/$(file);)
	sed -i '/^\/\/# sourceMappingURL/d' $$(find api/web/vendor -name '*.js')

# torch goes first and alone: any other order may pull a second build of several GB.
$(INSTALLED): constraints.txt pyproject.toml
	@echo "Installing into $(VENV); the first time takes a few minutes."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^torch==' constraints.txt)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
