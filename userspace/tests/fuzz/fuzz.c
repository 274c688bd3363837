// SPDX-License-Identifier: GPL-2.0
/* What the fuzzers have in common. */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../terminal_scan.h"
#include "fuzz.h"

/* The true stderr, for what is wrong. */
static FILE *own_stderr;
static struct terminal_scan scans[2];

uint32_t roll(struct dice *dice, uint32_t below)
{
	dice->state = dice->state * 6364136223846793005ULL +
		      1442695040888963407ULL;
	return below ? (dice->state >> 33) % below : 0;
}

uint64_t roll_number(struct dice *dice)
{
	uint64_t number = 1ULL << roll(dice, 64);

	switch (roll(dice, 6)) {
	case 0:
		return roll(dice, 4);
	case 1:
		return roll(dice, 300);
	case 2:
		return number - 1;
	case 3:
		return number;
	case 4:
		return -number;
	default:
		return roll(dice, 1U << 31) * (number | 1);
	}
}

void fuzz_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("fuzz: ", own_stderr);
	vfprintf(own_stderr, format, args);
	fputc('\n', own_stderr);
	va_end(args);
	fflush(own_stderr);
	abort();
}

static ssize_t look_at(void *cookie, const char *text, size_t size)
{
	struct terminal_scan *scan = cookie;

	for (size_t i = 0; i < size; i++) {
		if (!terminal_scan_byte(scan, text[i]))
			fuzz_fail("byte 0x%02x is printed, which a terminal would obey, or which is no UTF-8, behind: %.*s",
				  (unsigned char)text[i], (int)(i > 60 ? 60 : i),
				  text + (i > 60 ? i - 60 : 0));
	}
	return size;
}

void fuzz_close_mouth(void)
{
	static const cookie_io_functions_t functions = { .write = look_at };

	own_stderr = stderr;
	stdout = fopencookie(&scans[0], "w", functions);
	stderr = fopencookie(&scans[1], "w", functions);
	if (!stdout || !stderr)
		abort();
	setvbuf(stdout, NULL, _IOFBF, 65536);
	setvbuf(stderr, NULL, _IOFBF, 65536);
}

void fuzz_check_mouth(void)
{
	fflush(stdout);
	fflush(stderr);
}

void fuzz_file_create(struct memory_file *file)
{
	file->fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (file->fd < 0)
		abort();
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

void fuzz_file_fill(const struct memory_file *file, const void *data,
		    size_t size)
{
	if (ftruncate(file->fd, 0) ||
	    pwrite(file->fd, data, size, 0) != (ssize_t)size)
		abort();
}
