// SPDX-License-Identifier: GPL-2.0
/* The module's files in debugfs. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../buffer.h"
#include "../complain.h"
#include "control.h"
#include "kernel.h"

#define READ_STEP	65536

void stackid_control_explain(const char *name, int error)
{
	if ((error == EPERM || error == EACCES) && geteuid())
		stackid_complain("only root may use %s/%s: try sudo",
				 CONTROL_PATH, name);
	else if (error == EPERM && stackid_kernel_locked_down())
		stackid_complain("%s/%s cannot be opened: the kernel is locked down (see %s); 'stackid doctor' tells what turned that on",
				 CONTROL_PATH, name, LOCKDOWN_PATH);
	else if (error == EPERM)
		stackid_complain("%s/%s cannot be opened: CAP_SYSLOG is needed",
				 CONTROL_PATH, name);
	else if (error == EBUSY)
		stackid_complain("%s/%s is in use: somebody else is recording or reads trace_pipe; 'stackid doctor' tells who",
				 CONTROL_PATH, name);
	else
		stackid_complain("%s/%s: %s", CONTROL_PATH, name,
				 strerror(error));
}

static void explain_absence(int error)
{
	if (error == EACCES || error == EPERM) {
		if (geteuid())
			stackid_complain("only root may see %s: try sudo",
					 CONTROL_PATH);
		else
			stackid_control_explain("", error);
		return;
	}
	if (!stackid_kernel_has_debugfs())
		stackid_complain("debugfs is not mounted: try mount -t debugfs none %s",
				 DEBUGFS_PATH);
	else if (stackid_kernel_has_module())
		stackid_complain("the module stackid is loaded, but %s is missing: the kernel log says why (dmesg | grep stackid)",
				 CONTROL_PATH);
	else
		stackid_complain("the module stackid is not loaded: try modprobe stackid; if that fails, 'stackid doctor' tells why");
}

int stackid_control_open(struct control *control)
{
	control->dir = open(CONTROL_PATH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (control->dir >= 0)
		return 0;
	explain_absence(errno);
	return -1;
}

void stackid_control_close(struct control *control)
{
	close(control->dir);
}

int stackid_control_open_file(const struct control *control, const char *name,
			      int flags)
{
	int fd = openat(control->dir, name, flags | O_CLOEXEC);

	if (fd < 0)
		stackid_control_explain(name, errno);
	return fd;
}

char *stackid_control_read(const struct control *control, const char *name)
{
	int fd = stackid_control_open_file(control, name, O_RDONLY);
	struct buffer text = { };
	ssize_t got;

	if (fd < 0)
		return NULL;
	do {
		got = read(fd, stackid_buffer_extend(&text, READ_STEP),
			   READ_STEP);
		text.size -= READ_STEP - (got > 0 ? got : 0);
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0) {
		stackid_complain("cannot read %s/%s: %s", CONTROL_PATH, name,
				 strerror(errno));
		free(text.data);
		text.data = NULL;
	} else {
		stackid_buffer_add(&text, "", 1);
	}
	close(fd);
	return text.data;
}

char *stackid_control_reason(const struct control *control, const char *name)
{
	char *log = stackid_control_read(control, "error_log");
	char tag[80];
	char *last = NULL;

	if (!log)
		return NULL;
	snprintf(tag, sizeof(tag), "stackid %s: error: ", name);
	for (char *at = log; (at = strstr(at, tag)); at += strlen(tag))
		last = at + strlen(tag);
	if (last) {
		last = stackid_memory_strdup(last);
		last[strcspn(last, "\n")] = '\0';
	}
	free(log);
	return last;
}

/* Whoever has the command has a better place to look. */
static char *as_command_says(char *reason)
{
	static const char file[] = "available_events lists what there is";
	char *at = reason ? strstr(reason, file) : NULL;
	char *better;

	if (!at)
		return reason;
	better = stackid_memory_print("%.*s'stackid list' shows what there is%s",
				      (int)(at - reason), reason,
				      at + strlen(file));
	free(reason);
	return better;
}

static void explain_write(const struct control *control, const char *name,
			  const char *text, int error)
{
	/* Only these come with a sentence; others have no entry of their own. */
	char *reason = error == EINTR ? NULL :
					as_command_says(stackid_control_reason(control, name));
	int length = strcspn(text, "\n");

	if (reason && *reason)
		stackid_complain("'%.*s' was refused: %s", length, text,
				 reason);
	else
		stackid_complain("cannot write '%.*s' to %s/%s: %s", length,
				 text, CONTROL_PATH, name, strerror(error));
	free(reason);
}

int stackid_control_write(const struct control *control, const char *name,
			  const char *text, bool truncate)
{
	int fd = stackid_control_open_file(control, name, O_WRONLY |
					   (truncate ? O_TRUNC : O_APPEND));
	size_t size = strlen(text);
	ssize_t done;

	if (fd < 0)
		return -1;
	do {
		done = size ? write(fd, text, size) : 0;
	} while (done < 0 && errno == EINTR);
	if (done < 0)
		explain_write(control, name, text, errno);
	close(fd);
	return done < 0 ? -1 : 0;
}

char *stackid_control_next_counter(char **rest, uint64_t *value)
{
	char *line, *blank;

	while ((line = strsep(rest, "\n"))) {
		blank = strchr(line, ' ');
		if (!blank)
			continue;
		*blank = '\0';
		*value = strtoull(blank + 1, NULL, 10);
		return line;
	}
	return NULL;
}

bool stackid_control_counter(const char *stats, const char *name,
			     uint64_t *value)
{
	size_t length = strlen(name);

	while (stats && *stats) {
		if (!strncmp(stats, name, length) && stats[length] == ' ')
			return sscanf(stats + length, "%" SCNu64, value) == 1;
		stats = strchr(stats, '\n');
		stats = stats ? stats + 1 : NULL;
	}
	return false;
}
