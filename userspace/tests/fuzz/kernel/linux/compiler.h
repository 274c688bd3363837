/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_COMPILER_H
#define FUZZ_LINUX_COMPILER_H

#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define __printf(a, b)	__attribute__((format(printf, a, b)))

#endif /* FUZZ_LINUX_COMPILER_H */
