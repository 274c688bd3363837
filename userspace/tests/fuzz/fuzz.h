/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers have in common. */
#ifndef STACKID_FUZZ_H
#define STACKID_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* libFuzzer's side of it, and ours. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

/* Any sequence will do that follows from the seed. */
struct dice {
	uint64_t state;
};

/* From 0 to @below - 1. */
uint32_t roll(struct dice *dice, uint32_t below);
/* Numbers at which comparisons, shifts and sums change their minds. */
uint64_t roll_number(struct dice *dice);

/* Says so, and dies in a way that libFuzzer takes for a crash. */
__attribute__((noreturn, format(printf, 1, 2)))
void fuzz_fail(const char *format, ...);

/*
 * From now on stdout and stderr lead nowhere.  A byte among what is written there that
 * a terminal would obey is a crash.
 */
void fuzz_close_mouth(void);
void fuzz_check_mouth(void);

/* A file in memory, and the path by which others open it. */
struct memory_file {
	int fd;
	char path[32];
};

void fuzz_file_create(struct memory_file *file);
void fuzz_file_fill(const struct memory_file *file, const void *data,
		    size_t size);

#endif /* STACKID_FUZZ_H */
