/* SPDX-License-Identifier: GPL-2.0 */
/* What the running kernel has and allows. */
#ifndef STACKID_KERNEL_H
#define STACKID_KERNEL_H

#include <stdbool.h>

#define DEBUGFS_PATH	"/sys/kernel/debug"
#define SECURITYFS_PATH	"/sys/kernel/security"
#define LOCKDOWN_PATH	SECURITYFS_PATH "/lockdown"

/* As uname -r prints it. */
const char *stackid_kernel_release(void);

/* The first line of one of its small files, to be freed; NULL if it is not there. */
char *stackid_kernel_line(const char *path);

/* The word of its command line that begins so, to be freed; NULL if none does. */
char *stackid_kernel_argument(const char *beginning);

/* Its configuration, to be freed; NULL if it is nowhere to be found. */
char *stackid_kernel_config(void);
/* @option: without CONFIG_; true if it is built in or a module. */
bool stackid_kernel_configured(const char *config, const char *option);

/*
 * "none", "integrity" or "confidentiality"; "" if this kernel has no lockdown,
 * NULL if that cannot be known because securityfs is not mounted.
 */
const char *stackid_kernel_lockdown(void);
bool stackid_kernel_locked_down(void);

/* Is debugfs mounted at DEBUGFS_PATH? */
bool stackid_kernel_has_debugfs(void);
/* Is the module loaded, or built in? */
bool stackid_kernel_has_module(void);

/* Has this process got this one of linux/capability.h in effect? */
bool stackid_kernel_capable(int capability);

#endif /* STACKID_KERNEL_H */
