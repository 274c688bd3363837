/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before all else in each file of a module that is built with -fsanitize=thread for
 * stackid_races.ko.  What is in data_race() is not looked at: without CONFIG_KCSAN
 * the kernel's own macro says so to nobody.
 */
#ifndef STACKID_RACES_H
#define STACKID_RACES_H

#include <linux/compiler.h>

/* In between the caller stays on its CPU. */
void stackid_races_ignore_begin(void);
void stackid_races_ignore_end(void);

#undef data_race
/* The value alone, unwatched. */
#define data_race(expr) ({						\
	stackid_races_ignore_begin();					\
	__auto_type stackid_races_value = ({ expr; });			\
	stackid_races_ignore_end();					\
	stackid_races_value;						\
})

#endif /* STACKID_RACES_H */
