# SPDX-License-Identifier: GPL-2.0
# Verbs for people; what the module is made of is in Kbuild.
#
# kbuild compiles where the sources are, so that each kernel version gets a tree of links to them under
# build/$(KVER)/, and several versions can be built side by side. The file made there is as old as the begin of the last
# build that succeeded: whoever tests the module asks it whether a source is newer.

KVER	?= $(shell uname -r)
# Installed, or unpacked by vm/fetch-kernel.
FETCHED	:= $(or $(HOME),/root)/.cache/stackid/kernels/$(if $(filter arm64,$(ARCH)),arm64/)$(KVER)
KDIR	?= $(or $(patsubst %/Makefile,%,$(firstword $(wildcard $(addsuffix /lib/modules/$(KVER)/build/Makefile, \
	/. $(FETCHED) $(FETCHED)/usr)))),/lib/modules/$(KVER)/build)
BUILD	:= build
PREFIX	?= /usr/local
DESTDIR	?=
W	?=
C	?=

ifeq ($(wildcard $(KDIR)/Makefile),)
.DEFAULT_GOAL := help
else
.DEFAULT_GOAL := all
endif

MODULE_SOURCES := $(wildcard Kbuild VERSION module/*.[ch] module/*/*.[ch] include/*.h include/uapi/*.h example/*.[ch] example/Kbuild)
OBJ := $(BUILD)/$(KVER)/obj
LINKS := $(addprefix $(OBJ)/,$(MODULE_SOURCES))

.PHONY: all
all: module command ## the module for KVER (default: the running kernel) and the command

.PHONY: module
module: $(LINKS) ## only build/$(KVER)/stackid.ko, and the example beside it
	@test -f $(KDIR)/Makefile || { $(MAKE) --no-print-directory help; exit 1; }
	@find $(OBJ) -xtype l -delete
	@touch $(OBJ)/begun
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(OBJ) $(addprefix W=,$(W)) $(addprefix C=,$(C)) modules
	@for ko in stackid.ko example/stackid_example.ko; do \
		to=$(BUILD)/$(KVER)/$${ko##*/}; \
		cmp -s $(OBJ)/$$ko $$to || { cp $(OBJ)/$$ko $$to.new && mv $$to.new $$to; } || exit; done
	@mv $(OBJ)/begun $(BUILD)/$(KVER)/made

$(OBJ)/%: %
	@mkdir -p $(@D)
	@ln -sfn $(CURDIR)/$< $@

.PHONY: command
command: ## only build/stackid
	$(MAKE) -C userspace BUILD=$(CURDIR)/$(BUILD)

# The shell asks for the VM's kernel. make would do so before it runs a recipe's first line, and it is that line which installs
# the kernel on a fresh machine.
.PHONY: demo
demo: ## boot Debian's kernel in QEMU, record a workload there, print the report
	@.ci/packages build vm demo
	@kernel=$$(.ci/kernel) && $(MAKE) all KVER=$$kernel && vm/demo $$kernel

.PHONY: picture
picture: demo ## the README's picture of a flame graph, from the demo's recording
	@.ci/packages picture
	vm/picture

.PHONY: check
check: ## the tests of a change, about 15 minutes on two cores; ends in "N passed, N failed"
	@.ci/packages build vm check fuzz
	.ci/check

.PHONY: check-all
check-all: ## every test, on every kernel, for hours; MINUTES=54 leaves out what would not end within them, RESUME=1 what has passed
	@.ci/packages build vm check deb fuzz lint export
	.ci/check --all $(if $(MINUTES),--minutes $(MINUTES)) $(if $(RESUME),--resume)

.PHONY: lint
lint: ## what reads the code without running it: checkpatch, sparse, cppcheck, clang-tidy, coccinelle, shellcheck
	@.ci/packages build vm lint
	.ci/lint

.PHONY: fuzz
fuzz: ## broken data files, rings and definitions, ten minutes for each; finds are left in build/fuzz/found
	@.ci/packages build fuzz
	$(MAKE) command
	userspace/tests/fuzz/run --keep --seconds 600

.PHONY: bench
bench: ## what an event costs, beside perf, bpftrace, ftrace and stackdepot; a quarter of an hour
	@.ci/packages build vm bench
	@kernel=$$(.ci/kernel) && $(MAKE) all KVER=$$kernel && userspace/bench/run --kernel $$kernel --doc Documentation/performance.md

.PHONY: bench-reader
bench-reader: ## how fast a recording is read, beside perf with the same 10 million events; ten minutes on an idle machine
	@.ci/packages build bench
	$(MAKE) command
	$(MAKE) -C userspace BUILD=$(CURDIR)/$(BUILD) $(addprefix $(CURDIR)/$(BUILD)/userspace/tests/,make_events make_many)
	userspace/bench/reader --doc Documentation/performance.md

# Below DESTDIR a package is made, and where that is installed there are other modules too.
.PHONY: install
install: ## the module for KVER, the command, its man pages and completions
	@test -f $(BUILD)/$(KVER)/stackid.ko || { echo "build/$(KVER)/stackid.ko is not there: run 'make' first" >&2; exit 1; }
	install -D -m 644 $(BUILD)/$(KVER)/stackid.ko $(DESTDIR)/lib/modules/$(KVER)/updates/stackid.ko
	$(if $(DESTDIR),,depmod $(KVER))
	$(MAKE) -C userspace BUILD=$(CURDIR)/$(BUILD) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) install

.PHONY: uninstall
uninstall: ## undo install
	rm -f $(DESTDIR)/lib/modules/$(KVER)/updates/stackid.ko
	$(if $(DESTDIR),,depmod $(KVER))
	$(MAKE) -C userspace BUILD=$(CURDIR)/$(BUILD) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) uninstall

.PHONY: dist
dist: ## build/stackid-VERSION.tar.gz, the same bytes wherever it is made
	@packaging/dist $(BUILD)

.PHONY: deb
deb: ## Debian's packages in build/deb/: the command, libstackid, and the module for DKMS
	@.ci/packages deb
	@packaging/deb $(BUILD)/deb

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)

.PHONY: help
help: ## this
	@echo "stackid: exact ids for kernel stacks"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18
	@echo
	@echo "KVER=VERSION builds for another kernel, KDIR=DIR with headers that lie elsewhere; W=1 and C=1 as in kbuild."
ifeq ($(wildcard $(KDIR)/Makefile),)
	@echo
	@echo "There are no headers for the kernel $(KVER) in $(KDIR)."
	@echo "Install them:        apt-get install linux-headers-$(KVER)"
	@kernel=$$(.ci/kernel 2>/dev/null); echo "or name another one: make KVER=VERSION$${kernel:+ (there are headers for $$kernel)}"
	@echo "'make demo' and 'make check' need none of this: they install what they need and use a VM."
endif
