// SPDX-License-Identifier: GPL-2.0
/* Files with debug information, found by the build-ids of a recording. */
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../memory.h"
#include "../words.h"
#include "debug_file.h"

/* SHA-1 has 20 bytes; what else linkers make has less. */
#define MAX_ID	64

/* NULL: elfutils' own default. */
static char *debuginfo_path;

const Dwfl_Callbacks stackid_debug_callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
	.debuginfo_path = &debuginfo_path,
};

/* Its bytes; 0 if it is no build-id. */
static size_t parse_id(const char *text, unsigned char id[MAX_ID])
{
	size_t length = strlen(text);

	if (length % 2 || length < 4 || length > 2 * MAX_ID)
		return 0;
	for (size_t i = 0; i < length / 2; i++) {
		if (sscanf(text + 2 * i, "%2hhx", &id[i]) != 1)
			return 0;
	}
	return length / 2;
}

static bool has_id(int fd, const unsigned char *id, size_t size)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *found;
	bool same;

	same = elf && dwelf_elf_gnu_build_id(elf, &found) == (ssize_t)size &&
	       !memcmp(found, id, size);
	elf_end(elf);
	return same;
}

/* -1 if it is not the one; takes @path. */
static int open_file(char *path, const unsigned char *id, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	free(path);
	if (fd >= 0 && !has_id(fd, id, size)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* In a folder there may be a tree of build-ids, or the files under their own names. */
static int find_in(const char *place, const char *module, const char *build_id,
		   const unsigned char *id, size_t size)
{
	static const char *const below[] = { ".debug", "" };
	struct stat st;
	char *path;
	int fd = -1;

	if (stat(place, &st))
		return -1;
	if (!S_ISDIR(st.st_mode))
		return open_file(stackid_memory_strdup(place), id, size);
	for (int i = 0; fd < 0 && i < 2; i++) {
		path = stackid_memory_print("%s/.build-id/%.2s/%s%s", place,
					    build_id, build_id + 2, below[i]);
		fd = open_file(path, id, size);
	}
	if (fd < 0)
		fd = open_file(stackid_memory_print("%s/vmlinux", place), id,
			       size);
	if (fd < 0)
		fd = open_file(stackid_memory_print("%s/%s.ko", place, module),
			       id, size);
	return fd;
}

/* As elfutils does it for a module of which nothing but the build-id is known. */
static int find_by_elfutils(const char *module, const unsigned char *id,
			    size_t size)
{
	Dwfl *dwfl = dwfl_begin(&stackid_debug_callbacks);
	Dwfl_Module *reported;
	char *name = NULL;
	int fd = -1;

	if (!dwfl)
		return -1;
	dwfl_report_begin(dwfl);
	reported = dwfl_report_module(dwfl, module, 0x1000, 0x2000);
	if (reported && !dwfl_module_report_build_id(reported, id, size, 0) &&
	    !dwfl_report_end(dwfl, NULL, NULL))
		fd = dwfl_standard_find_debuginfo(reported, NULL, module,
						  0x1000, NULL, NULL, 0, &name);
	free(name);
	dwfl_end(dwfl);
	return fd;
}

int stackid_debug_file_find(const struct words *given, const char *module,
			    const char *build_id)
{
	unsigned char id[MAX_ID];
	size_t size = parse_id(build_id, id);
	int fd = -1;

	if (!size)
		return -1;
	elf_version(EV_CURRENT);
	for (size_t i = 0; fd < 0 && i < given->nr; i++)
		fd = find_in(given->at[i], module, build_id, id, size);
	if (fd < 0)
		fd = find_by_elfutils(module, id, size);
	return fd;
}
