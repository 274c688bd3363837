/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths: a walk that was done once, kept so that doing it again is no more than
 * comparing some words of the stack.  What they are made of is for each way of
 * walking to say; all have
 *
 *   struct unwind_path   all zeros is none
 *   @ip                  where it began; not 0
 *   path_holds()         would a walk from here be this one?  Preemption must be off
 *
 * A path holds as long as the code of its frames stays where it is: it serves in the
 * generation that it was made in, and a module's going starts a new one.
 */
#ifndef _STACKID_UNWIND_PATH_H
#define _STACKID_UNWIND_PATH_H

#ifdef CONFIG_ARM64
#include "path_records.h"
#else
#include "path_orc.h"
#endif

#endif /* _STACKID_UNWIND_PATH_H */
