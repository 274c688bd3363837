/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's headers would have, for user space. */
#ifndef STACKID_COMPILER_H
#define STACKID_COMPILER_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define __printf(string, first)	__attribute__((format(printf, string, first)))
#ifndef __noreturn
#define __noreturn		__attribute__((noreturn))
#endif

#endif /* STACKID_COMPILER_H */
