/* SPDX-License-Identifier: GPL-2.0 */
/* What the module's parsers want of the kernel, in a program. */
#ifndef FUZZ_LINUX_KERNEL_H
#define FUZZ_LINUX_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/types.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define max_t(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define S32_MAX			INT_MAX
#define U32_MAX			UINT_MAX
#define S64_MAX			LLONG_MAX
#define NSEC_PER_SEC		1000000000L

int kstrtou64(const char *text, unsigned int base, u64 *number);

#endif /* FUZZ_LINUX_KERNEL_H */
