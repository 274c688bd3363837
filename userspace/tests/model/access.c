// SPDX-License-Identifier: GPL-2.0
/*
 * What gcc's -fsanitize=thread calls before each load and store, and in place of
 * each atomic one.
 */
#include "explorer.h"

#define PC __builtin_return_address(0)

#define PLAIN(size) \
void __tsan_read##size(void *at); \
void __tsan_read##size(void *at) { model_access(at, size, false, PC); } \
void __tsan_write##size(void *at); \
void __tsan_write##size(void *at) { model_access(at, size, true, PC); } \
void __tsan_unaligned_read##size(void *at); \
void __tsan_unaligned_read##size(void *at) { model_access(at, size, false, PC); } \
void __tsan_unaligned_write##size(void *at); \
void __tsan_unaligned_write##size(void *at) { model_access(at, size, true, PC); }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

#define ATOMIC(bits, type) \
type __tsan_atomic##bits##_load(const type *at, int order); \
type __tsan_atomic##bits##_load(const type *at, int order) \
{ \
	(void)order; \
	model_access(at, bits / 8, false, PC); \
	return *at; \
} \
void __tsan_atomic##bits##_store(type *at, type value, int order); \
void __tsan_atomic##bits##_store(type *at, type value, int order) \
{ \
	(void)order; \
	model_access(at, bits / 8, true, PC); \
	*at = value; \
}

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

void __tsan_read_range(void *at, size_t size);
void __tsan_read_range(void *at, size_t size) { model_access(at, size, false, PC); }
void __tsan_write_range(void *at, size_t size);
void __tsan_write_range(void *at, size_t size) { model_access(at, size, true, PC); }
void __tsan_init(void);
void __tsan_init(void) { }
void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc) { (void)pc; }
void __tsan_func_exit(void);
void __tsan_func_exit(void) { }
