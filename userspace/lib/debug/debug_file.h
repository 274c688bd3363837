/* SPDX-License-Identifier: GPL-2.0 */
/* Files with debug information, found by the build-ids of a recording. */
#ifndef STACKID_DEBUG_FILE_H
#define STACKID_DEBUG_FILE_H

#include <elfutils/libdwfl.h>

struct words;

/* How elfutils finds what belongs to a file. */
extern const Dwfl_Callbacks stackid_debug_callbacks;

/*
 * Opens the file that has the debug information of a module (or the kernel, which is
 * called "kernel") of this build-id: one of @given, which are files and folders; or what
 * elfutils finds, below /usr/lib/debug and through debuginfod.  -1 if there is none.
 */
int stackid_debug_file_find(const struct words *given, const char *module,
			    const char *build_id);

#endif /* STACKID_DEBUG_FILE_H */
