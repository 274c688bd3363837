// SPDX-License-Identifier: GPL-2.0
/* The module's file: kmod finds it and reads it, compressed or not. */
#include <glob.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "../compiler.h"
#include "../memory.h"
#include "kernel.h"
#include "module_file.h"

/* Who is not root often has no sbin in the path. */
#define MODINFO \
	"PATH=$PATH:/usr/sbin:/sbin; command -v modinfo >/dev/null || exit 127; modinfo -0 stackid 2>/dev/null"

/* The status of a shell that found no such program. */
#define NOT_FOUND	127

static const struct {
	const char *key;
	size_t offset;
} fields[] = {
	{ "filename", offsetof(struct module_file, path) },
	{ "vermagic", offsetof(struct module_file, vermagic) },
	{ "version", offsetof(struct module_file, version) },
	{ "srcversion", offsetof(struct module_file, srcversion) },
	{ "signer", offsetof(struct module_file, signer) },
};

/* "filename:       /lib/...", "version=0.1" */
static void take_field(struct module_file *file, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char **field = (char **)((char *)file + fields[i].offset);
		size_t length = strlen(fields[i].key);

		if (strncmp(line, fields[i].key, length) ||
		    (line[length] != '=' && line[length] != ':'))
			continue;
		line += length + 1;
		line += strspn(line, " ");
		if (!*field && *line)
			*field = stackid_memory_strdup(line);
		return;
	}
}

static char *find_unlisted(void)
{
	char *pattern = stackid_memory_print("/lib/modules/%s/{updates,updates/dkms,extra}/stackid.ko*",
					     stackid_kernel_release());
	char *found = NULL;
	glob_t files;

	if (!glob(pattern, GLOB_BRACE, NULL, &files)) {
		found = stackid_memory_strdup(files.gl_pathv[0]);
		globfree(&files);
	}
	free(pattern);
	return found;
}

void stackid_module_file_find(struct module_file *file)
{
	FILE *modinfo = popen(MODINFO, "re");
	char *line = NULL;
	size_t room = 0;
	int status;

	memset(file, 0, sizeof(*file));
	while (modinfo && getdelim(&line, &room, '\0', modinfo) > 0)
		take_field(file, line);
	free(line);
	status = modinfo ? pclose(modinfo) : -1;
	file->no_kmod = !modinfo || (WIFEXITED(status) &&
				     WEXITSTATUS(status) == NOT_FOUND);
	if (!file->path)
		file->unlisted = find_unlisted();
}

void stackid_module_file_free(struct module_file *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		free(*(char **)((char *)file + fields[i].offset));
	free(file->unlisted);
}

bool stackid_module_file_is_for(const struct module_file *file,
				const char *release)
{
	size_t length = strlen(release);

	return file->vermagic && !strncmp(file->vermagic, release, length) &&
	       (!file->vermagic[length] || file->vermagic[length] == ' ');
}
