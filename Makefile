# `make demo` and `make test` set up everything they need in .venv, with uv where it is
# installed and with pip otherwise.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CONSTRAINTS := packaging/constraints.txt

ifneq ($(shell command -v uv 2>/dev/null),)
CREATE := uv venv --quiet --seed --python $(PYTHON) $(VENV)
INSTALL := uv pip install --quiet --python $(BIN)/python
else
CREATE := $(PYTHON) -m venv $(VENV)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

# Where Qt's own needs are missing, the window's tests are left out, and that is said.
WITHOUT_QT := $(BIN)/python -c "import PySide6.QtWidgets" 2>/dev/null || { \
	echo "Qt cannot start here (Debian: apt install libegl1 libgl1 libxkbcommon0 libfontconfig1);" \
		"the tests of the window are left out." >&2; \
	echo "-p no:pytest-qt --ignore=tests/desktop --ignore=howifeel/desktop"; }

.PHONY: help demo test slow check fmt fuzz audit sbom sums bench docs strings screenshots lock wheel clean

help:
	@echo "make demo    film a photograph, annotate the film, show the results"
	@echo "make test    run the tests"
	@echo "make slow    run the slow tests too"
	@echo "make check   formatting, lint, types, import contracts"
	@echo "make fmt     format the code"
	@echo "make fuzz    2,000 hostile files, and a table of what came of them"
	@echo "make audit   look up known vulnerabilities of the locked packages"
	@echo "make sbom    write what it consists of as CycloneDX into dist/"
	@echo "make sums    renew the hashes of the model and detector that ship"
	@echo "make bench   measure every stage of howifeel-video, and the window"
	@echo "make strings collect and compile the translations of the window"
	@echo "make screenshots  pictures of every page for docs/images"
	@echo "make docs    build the documentation site into build/site"
	@echo "make lock    renew uv.lock and packaging/constraints.txt"
	@echo "make wheel   build the wheel into dist/"
	@echo "make package wheel, source archive, .tar.zst and .deb, with sizes, into dist/"
	@echo "make smoke   install each of them into a clean place and use it"

demo: $(VENV)/.app
	$(BIN)/python packaging/demo.py

test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not slow" $$($(WITHOUT_QT))

slow: $(VENV)/.dev
	$(BIN)/python -m pytest $$($(WITHOUT_QT))

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(VENV)/.dev
	$(BIN)/python tests/fuzz/run.py --per-kind 60

audit:
	packaging/audit.sh

sbom:
	$(PYTHON) packaging/sbom.py

sums:
	cd models && sha256sum *.onnx > SHA256SUMS
	cd faceDetection && sha256sum architecture.txt weights.caffemodel > SHA256SUMS

bench: $(VENV)/.app
	$(BIN)/python benchmarks/video.py
	$(BIN)/python benchmarks/desktop.py

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

strings: $(VENV)/.app
	$(BIN)/python packaging/strings.py

screenshots: $(VENV)/.app
	$(BIN)/python packaging/screenshots.py

lock:
	uv lock
	uv export --quiet --all-extras --no-hashes --no-annotate --no-header --no-emit-project -o $(CONSTRAINTS)
	printf "opencv-%s<5\n" python-headless contrib-python contrib-python-headless >> $(CONSTRAINTS)

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel

package: $(VENV)/.dev
	$(BIN)/python packaging/package.py

smoke: $(VENV)/.dev
	$(BIN)/python packaging/smoke.py

clean:
	rm -rf $(VENV) build dist demo

$(BIN)/python:
	$(CREATE)

$(VENV)/.app: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(INSTALL) -c $(CONSTRAINTS) -e ".[demo]"
	@touch $@

# PyTorch's CPU build, so that nobody downloads CUDA to run the tests; a build that is already
# in the environment is kept.
$(VENV)/.dev: $(VENV)/.app
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -c "import torch" 2>/dev/null || $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --retries 1 --extra-index-url https://download.pytorch.org/whl/cpu \
		-c $(CONSTRAINTS) torch
	$(INSTALL) -c $(CONSTRAINTS) -e ".[dev]"
	@touch $@
