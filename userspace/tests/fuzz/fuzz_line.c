// SPDX-License-Identifier: GPL-2.0
/*
 * The line of an event: from the words of who asks to those of the module, and through
 * the module's own parser.  The kernel's types are some that are made up here.
 *
 * An input is a line, and after a NUL a filter and, after another one, the format of a
 * system call's event.
 */
#include <bpf/btf.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/array.h"
#include "../../lib/live/event_line.h"
#include "event_spec.h"
#include "fuzz.h"

static char *format;

/* The linker puts these in place of the library's, for libFuzzer as well. */
struct btf *__wrap_btf__load_vmlinux_btf(void);
DIR *__wrap_opendir(const char *path);
DIR *__real_opendir(const char *path);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fopen(const char *path, const char *mode);

static int add_int(struct btf *btf, const char *name, size_t size, int encoding)
{
	return btf__add_int(btf, name, size, encoding);
}

/* A struct that has of everything, itself included. */
static int add_task(struct btf *btf, int number, int byte)
{
	int inner, array, state, task, pointer;

	inner = btf__add_union(btf, NULL, 8);
	btf__add_field(btf, "low", number, 0, 0);
	btf__add_field(btf, "byte", byte, 0, 0);
	array = btf__add_array(btf, number, byte, 16);
	state = btf__add_enum(btf, "state", 4);
	btf__add_enum_value(btf, "RUNNING", 0);
	/* The pointer's number is the one after the struct's. */
	task = btf__add_struct(btf, "task_struct", 64);
	btf__add_field(btf, "pid", number, 0, 0);
	btf__add_field(btf, "state", state, 32, 0);
	btf__add_field(btf, "next", task + 1, 64, 0);
	btf__add_field(btf, "", inner, 128, 0);
	btf__add_field(btf, "flag", number, 192, 3);
	btf__add_field(btf, "comm", array, 224, 0);
	btf__add_field(btf, "end", byte, 504, 0);
	pointer = btf__add_ptr(btf, task);
	return pointer;
}

static void add_function(struct btf *btf, const char *name, int types[],
			 unsigned int nr)
{
	static const char *const names[] = {
		"__data", "call_site", "ptr", "bytes_req", "bytes_alloc",
		"flags", "a", "b", "c", "d", "e", "f", "g", "h",
	};
	int prototype = btf__add_func_proto(btf, 0);

	for (unsigned int i = 0; i < nr; i++)
		btf__add_func_param(btf, names[i % ARRAY_SIZE(names)],
				    types[i % 4]);
	btf__add_func(btf, name, BTF_FUNC_STATIC, prototype);
}

struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	struct btf *btf = btf__new_empty();
	int types[4];

	types[0] = add_int(btf, "int", 4, BTF_INT_SIGNED);
	types[1] = add_int(btf, "long unsigned int", 8, 0);
	types[3] = add_int(btf, "char", 1, BTF_INT_CHAR);
	types[2] = add_task(btf, types[0], types[3]);
	add_int(btf, "long int", 8, BTF_INT_SIGNED);
	add_int(btf, "unsigned int", 4, 0);
	btf__add_typedef(btf, "size_t", types[1]);
	types[3] = btf__add_const(btf, types[1]);
	add_function(btf, "__traceiter_kmalloc", types, 7);
	add_function(btf, "__traceiter_many", types, 14);
	add_function(btf, "__traceiter_none", types, 1);
	add_function(btf, "vfs_read", types, 4);
	return btf;
}

static bool is_kernels(const char *path)
{
	return !strncmp(path, "/sys/kernel/", strlen("/sys/kernel/"));
}

DIR *__wrap_opendir(const char *path)
{
	return is_kernels(path) ? NULL : __real_opendir(path);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	if (!is_kernels(path))
		return __real_fopen(path, mode);
	return *format ? fmemopen(format, strlen(format), mode) : NULL;
}

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_close_mouth();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 3);
	char *filter, *longer, *resolved;

	memcpy(line, data, size);
	memset(line + size, 0, 3);
	filter = line + strlen(line) + 1;
	format = filter + strlen(filter) + 1;
	if (filter > line + size)
		filter = format = line + size;
	else if (format > line + size)
		format = line + size;

	event_spec_try((const char *)data, strlen(line));
	longer = *filter ? stackid_event_line_add_filter(line, filter) : NULL;
	resolved = stackid_event_line_resolve(longer ? longer : line);
	if (resolved)
		event_spec_try(resolved, strcspn(resolved, "\n"));
	free(resolved);
	free(longer);
	free(line);
	fuzz_check_mouth();
	return 0;
}

static const char *const words[] = {
	"kmem:kmalloc", "x:many", "x:none", "kprobe:vfs_read", "perf:cycles",
	"syscalls:sys_enter_read", "syscalls:sys_exit_read", " value=", " if=",
	" freq=", " period=", " pid=", " tid=", " uid=", " mode=kernel",
	" irqstack=", "full", "cut", "bytes_alloc", "ptr", "call_site", "flags",
	"->pid", "->next", "->comm", "->state", "->flag", "->low", ".end", ".pid",
	"arg1", "arg4", "arg12", "arg13", "+16", "-0x10", ":u32", ":s8", ":u64",
	"==", "!=", "<", "<=", ">", ">=", "&", "&&", "||", "(", "=", ",", " ",
	"\n", "#", "\t", "0", "1", "-1", "4096", "0x7fffffff",
	"18446744073709551615", "9223372036854775808", "ret", "label=",
	"field:unsigned long count;", "field:const char * buf;",
	"field:int __syscall_nr;",
};

/* A word comes, or takes the place of others. */
static size_t mutate_words(uint8_t *data, size_t size, size_t room,
			   struct dice *dice)
{
	const char *word = words[roll(dice, ARRAY_SIZE(words))];
	size_t at = roll(dice, size + 1), length = strlen(word);
	size_t gone = roll(dice, 3) ? 0 : roll(dice, size - at + 1);

	/* Where another one begins, if there is one near. */
	for (int i = 0; at < size && i < 12 && !strchr(" =,&:->+", data[at]); i++)
		at++;
	if (gone > size - at)
		gone = size - at;
	if (size - gone + length > room)
		return size;
	memmove(data + at + length, data + at + gone, size - at - gone);
	memcpy(data + at, word, length);
	return size - gone + length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed)
{
	struct dice dice = { seed };

	if (!roll(&dice, 5))
		return LLVMFuzzerMutate(data, size, room);
	for (int times = 1 + roll(&dice, 4); times; times--)
		size = mutate_words(data, size, room, &dice);
	return size;
}
