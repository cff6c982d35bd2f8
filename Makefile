# Cửa vào của dự án. `make` in các lệnh, biến và ví dụ. / The door: `make` prints targets, variables, examples.
#
# No target holds logic: each hands its variables to one command of ntm_lib (see ntm_lib/cli).

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables
SHELL := /bin/sh
.SHELLFLAGS := -eu -c

# The same names as VARIABLES in ntm_lib/cli/catalogue.py (a test compares them).
VARIABLES := COMMUNE YEAR YEARS MONTH RULES REGION SCENARIO SET LANGUAGE STRICT PROVINCE SINCE INDICATOR FIND CODES JSON NAME CHECK BOOK MISSING FILE IMPORT FROM ACCEPT BY OFFICIAL FONT JOBS ENGINE SCHEDULER FORCE STAGE COUNT SIZES TESTS DEBUG

# Values reach the command in the environment, as NTM_<name>, and only from the command line of make: somebody's
# own LANGUAGE or REGION is no parameter. `value` keeps make, and the environment keeps the shell, from expanding
# them; make's own export of what stands on its command line would expand it, so that is switched off.
given := $(filter-out PYTHON,$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name))))
$(foreach name,$(given),$(eval unexport $(name)))
$(foreach name,$(filter $(VARIABLES),$(given)),$(eval export NTM_$(name) = $$(value $(name))))
export NTM_GIVEN := $(given)
MAKEOVERRIDES :=

# A mistyped target is told by name, which no shell may read either.
export NTM_GOALS := $(value MAKECMDGOALS)

# The first Python that is new enough, only for choosing the one that everything runs in: the active environment's
# or .venv's (ntm_lib/bootstrap.py).
# PYTHON on the command line of make chooses; one that stands in somebody's environment is meant for other programs.
ifneq ($(origin PYTHON),command line)
ifeq ($(value OS),Windows_NT)
PYTHON := python
else
pythons := .venv/bin/python python3 python python3.14 python3.13 python3.12 python3.11
PYTHON := $(shell for python in $(pythons); do \
	"$$python" -ISc 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
endif
endif
PYTHON := $(PYTHON)
ifeq ($(PYTHON),)
$(error Cần Python 3.11 trở lên (gói python3, hoặc python.org). / Python 3.11 or newer is needed)
endif
run = @"$(PYTHON)" -m ntm_lib.bootstrap

targets := help report report-all documents scenario why explore overview diff communes check template read forms rules notebook clean status test bench soak fuzz
.PHONY: $(targets)

$(targets):
	$(run) $@

Makefile: ;
.DEFAULT:
	$(run)
