# SPDX-License-Identifier: GPL-2.0
# libstackid: DIR/libstackid.so and DIR/libstackid.a; part of userspace/Makefile.

# Raised by a change that a program built before would not survive.
soname := libstackid.so.0
LIBDIR ?= $(PREFIX)/lib
libdir := $(DESTDIR)$(LIBDIR)
includedir := $(DESTDIR)$(PREFIX)/include
binutil = $(patsubst %ld,%$(1),$(notdir $(LD)))
libstackid_libs := -lzstd -lz -pthread

# What it allocates belongs to an open file, see libstackid/libstackid_heap.h.
heap := $(foreach name,malloc calloc realloc reallocarray free strdup,-D$(name)=libstackid_$(name))
$(objdir)/pic/libstackid/%.o: heap :=

$(objdir)/pic/%.o: $(here)%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(flags) $(heap) -fPIC -fvisibility=hidden $(CFLAGS) -MMD -MP -c -o $@ $<

libstackid_map := $(here)libstackid/libstackid.map
$(BUILD)/$(soname): $(libstackid:%=$(objdir)/pic/%.o) $(libstackid_map)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(soname) -Wl,--version-script=$(libstackid_map) -Wl,-z,defs \
		-o $@ $(libstackid:%=$(objdir)/pic/%.o) $(libstackid_libs)
	ln -sfn $(soname) $(BUILD)/libstackid.so

# In one piece, where nothing is seen from outside but what the map has.
$(BUILD)/libstackid.a: $(libstackid:%=$(objdir)/pic/%.o) $(libstackid_map)
	$(LD) -r -o $(objdir)/libstackid.o $(libstackid:%=$(objdir)/pic/%.o)
	sed -n 's/^\t\(stackid_[a-z_]*\);$$/\1/p' $(libstackid_map) >$(objdir)/libstackid.exported
	$(call binutil,objcopy) --keep-global-symbols=$(objdir)/libstackid.exported $(objdir)/libstackid.o
	rm -f $@
	$(call binutil,ar) rcs $@ $(objdir)/libstackid.o

# Its tests: what other programs see of it, and one with an allocator of its own.
test_scripts += libstackid_test
libstackid_tests := header read threads faults
libstackid_tests := $(libstackid_tests:%=$(objdir)/tests/libstackid_%)
$(libstackid_tests:%=%.o): flags += -I$(here)include
$(objdir)/tests/libstackid_read $(objdir)/tests/libstackid_threads: %: %.o $(BUILD)/$(soname)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -L$(BUILD) -lstackid -Wl,-rpath,$(BUILD) -pthread
$(objdir)/tests/libstackid_header: %: %.o $(objdir)/tests/test.o $(BUILD)/libstackid.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(libstackid_libs)
$(objdir)/tests/libstackid_faults: %: %.o $(BUILD)/libstackid.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free -o $@ $^ $(libstackid_libs)

.PHONY: libstackid install-libstackid uninstall-libstackid
libstackid: $(BUILD)/$(soname) $(BUILD)/libstackid.a

install-libstackid: libstackid
	install -D -m 644 $(BUILD)/$(soname) $(libdir)/$(soname)
	ln -sfn $(soname) $(libdir)/libstackid.so
	install -m 644 $(BUILD)/libstackid.a $(libdir)/libstackid.a
	install -d $(libdir)/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' $(here)libstackid/libstackid.pc.in \
		>$(libdir)/pkgconfig/libstackid.pc
	chmod 644 $(libdir)/pkgconfig/libstackid.pc
	install -D -m 644 $(here)include/libstackid.h $(includedir)/libstackid.h
	$(if $(DESTDIR),,ldconfig)

uninstall-libstackid:
	rm -f $(libdir)/$(soname) $(libdir)/libstackid.so $(libdir)/libstackid.a $(libdir)/pkgconfig/libstackid.pc \
		$(includedir)/libstackid.h
	$(if $(DESTDIR),,ldconfig)
