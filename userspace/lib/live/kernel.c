// SPDX-License-Identifier: GPL-2.0
/* What the running kernel has and allows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <zlib.h>

#include "../buffer.h"
#include "../compiler.h"
#include "kernel.h"

#define READ_STEP	65536
#define MODULE_PATH	"/sys/module/stackid"

const char *stackid_kernel_release(void)
{
	static struct utsname name;

	uname(&name);
	return name.release;
}

char *stackid_kernel_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file)
		return NULL;
	length = getline(&line, &room, file);
	fclose(file);
	if (length < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

char *stackid_kernel_argument(const char *beginning)
{
	char *line = stackid_kernel_line("/proc/cmdline");
	char *rest = line, *word, *found = NULL;

	while (!found && (word = strsep(&rest, " "))) {
		if (!strncmp(word, beginning, strlen(beginning)))
			found = stackid_memory_strdup(word);
	}
	free(line);
	return found;
}

/* Compressed or not: zlib sees to it. */
static char *read_config(const char *path)
{
	gzFile file = gzopen(path, "re");
	struct buffer text = { };
	int got;

	if (!file)
		return NULL;
	do {
		got = gzread(file, stackid_buffer_extend(&text, READ_STEP),
			     READ_STEP);
		text.size -= READ_STEP - (got > 0 ? got : 0);
	} while (got > 0);
	gzclose(file);
	if (!got && text.size) {
		stackid_buffer_add(&text, "", 1);
		return text.data;
	}
	free(text.data);
	return NULL;
}

char *stackid_kernel_config(void)
{
	static const char *const places[] = {
		"/proc/config.gz", "/boot/config-%s", "/lib/modules/%s/config",
	};
	char *path, *config = NULL;

	for (size_t i = 0; !config && i < ARRAY_SIZE(places); i++) {
		path = stackid_memory_print(places[i],
					    stackid_kernel_release());
		config = read_config(path);
		free(path);
	}
	return config;
}

bool stackid_kernel_configured(const char *config, const char *option)
{
	char line[80];
	int length = snprintf(line, sizeof(line), "\nCONFIG_%s=", option);

	for (const char *at = config; (at = strstr(at, line)); at += length) {
		if (at[length] == 'y' || at[length] == 'm')
			return true;
	}
	return false;
}

static bool is_mounted(const char *path, unsigned int magic)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned int)fs.f_type == magic;
}

/* "none [integrity] confidentiality": the one in brackets holds. */
const char *stackid_kernel_lockdown(void)
{
	static const char *const states[] = {
		"none", "integrity", "confidentiality",
	};
	char *line = stackid_kernel_line(LOCKDOWN_PATH);
	const char *state = "";
	char word[24];

	if (!line)
		return is_mounted(SECURITYFS_PATH, SECURITYFS_MAGIC) ? "" :
								       NULL;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		snprintf(word, sizeof(word), "[%s]", states[i]);
		if (strstr(line, word))
			state = states[i];
	}
	free(line);
	return state;
}

bool stackid_kernel_locked_down(void)
{
	const char *state = stackid_kernel_lockdown();

	return state && *state && strcmp(state, "none");
}

bool stackid_kernel_has_debugfs(void)
{
	return is_mounted(DEBUGFS_PATH, DEBUGFS_MAGIC);
}

bool stackid_kernel_has_module(void)
{
	return !access(MODULE_PATH, F_OK);
}

bool stackid_kernel_capable(int capability)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { };

	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(capability)].effective &
		       CAP_TO_MASK(capability);
}
