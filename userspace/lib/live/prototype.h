/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arguments of what an event probes, by the names and types that the kernel's
 * BTF has, and what lies behind them.
 */
#ifndef STACKID_PROTOTYPE_H
#define STACKID_PROTOTYPE_H

#include <stdbool.h>
#include <stddef.h>

#define PROTOTYPE_MAX_ARGS	12
#define PROTOTYPE_MAX_OFFSETS	3

struct btf;

/* @type: in the BTF; 0 where that does not know it */
struct prototype_arg {
	char *name;
	unsigned int type;
};

/**
 * struct prototype - of an event
 * @event: its name, not copied
 * @btf:   where the types are
 */
struct prototype {
	const char *event;
	const struct btf *btf;
	struct prototype_arg args[PROTOTYPE_MAX_ARGS];
	unsigned int nr_args;
};

/**
 * struct prototype_value - where a value is found, as the module is told
 * @arg:    from 1
 * @type:   "u8" to "s64"
 */
struct prototype_value {
	unsigned int arg;
	int offsets[PROTOTYPE_MAX_OFFSETS];
	unsigned int nr_offsets;
	char type[4];
};

/*
 * Of the event "kmem:kmalloc", "kprobe:vfs_read", ....  False, without a word, if
 * nobody knows: there is no such event, or the kernel has no BTF.
 */
bool stackid_prototype_find(struct prototype *prototype, const char *event);
void stackid_prototype_free(struct prototype *prototype);

/*
 * Where "bytes_alloc" or "next->pid" is: an argument, and members from there on.
 * 0, or -1 after a complaint that says what there is.
 */
int stackid_prototype_value(const struct prototype *prototype, const char *path,
			    struct prototype_value *value);

/* Likewise of an argument by its number, from 1. */
int stackid_prototype_arg(const struct prototype *prototype, unsigned int arg,
			  struct prototype_value *value);

#endif /* STACKID_PROTOTYPE_H */
