/* SPDX-License-Identifier: GPL-2.0 */
/* The module's file as modprobe finds it, and what it says of itself. */
#ifndef STACKID_MODULE_FILE_H
#define STACKID_MODULE_FILE_H

#include <stdbool.h>

/**
 * struct module_file - see the top of the file
 * @no_kmod:  modinfo cannot be run, so that nothing below is known
 * @path:     what modprobe would load; NULL if it knows none
 * @unlisted: a file where modprobe would find it after a depmod; NULL if it
 *            knows one or there is none
 * @vermagic: "6.1.0-56-amd64 SMP preempt ...", its kernel's release first
 * @version:  its own
 * @srcversion: a checksum of what it was made of
 * @signer:   whose key signed it; NULL if it is not signed
 *
 * Each of the last four is NULL without @path.
 */
struct module_file {
	bool no_kmod;
	char *path;
	char *unlisted;
	char *vermagic;
	char *version;
	char *srcversion;
	char *signer;
};

void stackid_module_file_find(struct module_file *file);
void stackid_module_file_free(struct module_file *file);

/* Of @release, which is the first word of its vermagic?  false without @path. */
bool stackid_module_file_is_for(const struct module_file *file,
				const char *release);

#endif /* STACKID_MODULE_FILE_H */
