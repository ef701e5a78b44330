# The course's commands. Each sets up .venv on first use and starts at once afterwards.
# Everything is done by `python -m course_utils` and pytest, so that Windows without make does the same (README.md).

PY := .venv/bin/python
LESSONS := $(foreach number,$(LESSON),--lesson $(number))
ANEW := $(foreach number,$(FRESH),--fresh $(number))

# Packages and a Python of one's own are kept away from the course's; `doctor` names them
export COURSE_PYTHONPATH := $(PYTHONPATH)
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help setup environment lab workspace run book links test test-hub test-lessons test-lowest test-hosted test-newest check check-js doctor data notebooks measure weights bench proxy test-browser lock clean

### For students

help:  ## list the commands
	@awk -F ':.*## ' '/^### / {printf "\n%s:\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "make %-14s%s\n", $$1, $$2}' Makefile

setup:  ## create .venv and install the packages (each command does it)
	@$(call with_any_python,setup)

lab: environment  ## open JupyterLab at your copy of lesson 1
	@$(PY) -m course_utils lab

workspace: environment  ## create or update your copies; FRESH=3 starts one anew
	@$(PY) -m course_utils workspace $(ANEW)

doctor:  ## look for what keeps the course from running; say what to do
	@$(call with_any_python,doctor)

data: environment  ## download MNIST if it is missing; say where the data come from
	@$(PY) -m course_utils data

### For instructors (to grade a class: .venv/bin/python -m course_utils grade)

run: environment  ## execute the lessons without a browser; LESSON=3 for one
	@$(PY) -m course_utils run $(LESSONS)

book: environment  ## build the book, to read in build/book/index.html
	@$(call with_extra,book)
	@$(PY) -m course_utils book

### For maintainers

environment:  ## as setup, but continue with the previous .venv if it fails
	@$(call with_any_python,setup --keep-going)

test: environment  ## run all tests; CHECKED=1 leaves out what make check runs
	@$(call with_extra,test)
	$(TEST) $(if $(CHECKED),-m 'not check') $(LESSONS_FIRST) $(SOLUTIONS) tests

test-lessons: environment  ## test what the data change most: lessons and questions
	@$(call with_extra,test)
	$(TEST) -m 'not on_any_data' $(filter-out notebooks/appendix/%,$(LESSONS_FIRST)) tests/questions/test_questions.py

check: environment  ## check style, text, figures, stored outputs, spelling, links
	@$(call with_extra,test)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pytest -q -m check tests/notebooks tests/test_rooms.py tests/test_locks.py tests/test_repository.py tests/commands/test_address.py

links: environment  ## visit each address that the book names (needs a network)
	@$(call with_extra,book)
	@$(PY) -m course_utils book --links

check-js:  ## lint the widgets' JavaScript and CSS (needs npm, a network)
	npx --yes @biomejs/biome@2.3.8 lint

notebooks: environment  ## execute what changed, and store it; LESSON=3, FORCE=1
	@$(PY) -m course_utils notebooks $(LESSONS) $(if $(FORCE),--force)

measure: environment  ## execute with five seeds, write data/spread.json (slow)
	@$(PY) -m course_utils measure $(LESSONS)

weights: environment  ## train the networks whose weights ship in data/ (slow)
	@$(PY) -m course_utils weights $(LESSONS)

bench: environment  ## compare the course's speed with peers and limits (an hour)
	@$(PY) -m bench $(ROW)

test-browser: setup  ## test the book, the widgets and JupyterLab in a real browser
	@$(PY) -m course_utils setup --extra test --extra browser --extra book
	$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations=15 tests/browser

test-hub: setup proxy  ## test a real hub: rehearsal, copies, deploy/ (needs npm)
	@$(PY) -m course_utils setup --extra test --extra hub
	$(PY) -m pytest -q --durations=5 tests/hub

proxy:  ## install the hub tests' proxy into build/proxy (needs npm)
	@command -v configurable-http-proxy >/dev/null || npm install --silent --no-audit --no-fund --prefix build/proxy configurable-http-proxy@5.3.0

test-lowest: LOWEST = build/lowest/bin/python
test-lowest:  ## test with the lowest versions allowed (needs uv, a network)
	mkdir -p build && uv venv --quiet --clear --python 3.11 build/lowest
	uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --extra lab --extra test pyproject.toml -o build/lowest.txt
	uv pip install --quiet --python $(LOWEST) -r build/lowest.txt
	uv pip uninstall --quiet --python $(LOWEST) chardet  # repo2docker's is too new for the lowest requests, which says so
	uv pip install --quiet --python $(LOWEST) --no-deps -e .
	@$(call versions,$(LOWEST))
	$(call test_with,$(LOWEST)) $(filter notebooks/01% notebooks/02% notebooks/05%,$(LESSONS_FIRST)) $(HELPERS_TESTS)

test-hosted: HOSTED = build/hosted/bin/python
test-hosted:  ## test with a hosted notebook's versions (needs uv, a network)
	mkdir -p build && uv venv --quiet --clear --seed --python 3.12 build/hosted
	uv pip compile --quiet --python-version 3.12 -c requirements-hosted.txt --extra lab --extra test pyproject.toml -o build/hosted.txt
	uv pip install --quiet --python $(HOSTED) -r build/hosted.txt
	uv pip uninstall --quiet --python $(HOSTED) anywidget pooch
	$(HOSTED) -m pytest -q tests/hosted/install.py
	@$(call versions,$(HOSTED))
	COURSE_DATA=digits $(call test_with,$(HOSTED)) $(LESSONS_FIRST) tests/widgets

test-newest: NEWEST = build/newest/bin/python
test-newest:  ## test with the newest releases (needs uv, a network)
	mkdir -p build && uv venv --quiet --clear --python 3.13 build/newest
	uv pip install --quiet --upgrade --python $(NEWEST) -e '.[lab,test]'
	@$(call versions,$(NEWEST))
	$(call test_with,$(NEWEST)) $(LESSONS_FIRST) $(HELPERS_TESTS)

# Their rooms: tests/*.py of the helpers, and those of the widgets
HELPERS_TESTS = $(filter-out tests/test_bench.py tests/test_locks.py tests/test_repository.py tests/test_rooms.py tests/test_wheel.py,$(wildcard tests/test_*.py)) tests/mnist tests/questions tests/widgets

# The longest first, so that no worker is left alone with one of them at the end.
LESSONS_FIRST = $(foreach number,06 03 04 07 05 01 02,$(wildcard notebooks/$(number)_*.ipynb)) $(wildcard notebooks/appendix/*.ipynb)
SOLUTIONS = $(foreach number,03 06 07 04 05 01 02,$(wildcard notebooks/solutions/$(number)_*.ipynb))

# Two workers on two cores: more threads than that only wait for each other.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1
TEST = $(call test_with,$(PY))
test_with = COURSE_STRICT=1 $(ONE_THREAD) $(1) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations=15 --ignore=tests/browser --ignore=tests/hub
versions = $(1) -c "from importlib.metadata import version; print(*(name + ' ' + version(name) for name in '$(VERSIONS)'.split()), sep=', ')"
VERSIONS = tensorflow-cpu keras numpy scikit-learn ipywidgets anywidget

lock:  ## write all locks anew from pyproject.toml (needs uv)
	uv pip compile $(LOCK_OPTIONS) --extra lab pyproject.toml -o requirements.txt
	$(call lock_extra,test,requirements.txt)
	$(call lock_extra,browser,requirements.txt requirements-test.txt)
	$(call lock_extra,cluster,requirements.txt requirements-test.txt requirements-browser.txt)
	$(call lock_extra,book,requirements.txt requirements-test.txt requirements-browser.txt requirements-cluster.txt)
	$(call lock_extra,hub,requirements.txt requirements-test.txt requirements-browser.txt requirements-cluster.txt requirements-book.txt)

# The packages of an extra, constrained by the locks before it: what they share has one version
lock_extra = $(call extra,$(1)) | uv pip compile $(LOCK_OPTIONS) $(addprefix -c ,$(2)) - -o requirements-$(1).txt
extra = python3 -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['$(1)'], sep='\n')"
LOCK_OPTIONS := --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11

clean:  ## remove what commands made, except .venv and workspace/
	rm -rf build .pytest_cache .ruff_cache .hypothesis course_utils.egg-info
	find . \( -path ./.venv -o -path ./workspace \) -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +

# What a maintainer's command needs on top of a student's packages
with_extra = $(PY) -m course_utils setup --keep-going --extra $(1)

# The first Python that starts (version managers leave ones that do not) and is new enough; setup has the last word.
define with_any_python
for python in $(PY) .venv-before/bin/python python3 python3.13 python3.12 python3.11 python; do \
  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
    exec $$python -m course_utils $(1); \
  fi; \
done; \
echo "No suitable Python: expected 3.11, 3.12 or 3.13, got `python3 --version 2>&1 | head -n 1`." >&2; \
echo "What to do: install Python 3.12 from https://www.python.org/downloads/ (or your system's packages)," >&2; \
echo "open a new terminal and repeat the command." >&2; \
exit 1
endef
