/* SPDX-License-Identifier: GPL-2.0 */
/* What fuzz_debugfs.c writes: made of the grammar's words, and spoilt. */
#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* xorshift64*: small, and the same everywhere. */
struct series {
	uint64_t state;
};

static inline uint64_t next_random(struct series *s)
{
	s->state ^= s->state >> 12;
	s->state ^= s->state << 25;
	s->state ^= s->state >> 27;
	return s->state * 0x2545f4914f6cdd1dULL;
}

/* 0 to @n - 1 */
static inline unsigned int below(struct series *s, unsigned int n)
{
	return (next_random(s) >> 32) % n;
}

#define PICK(s, list) ((list)[below(s, sizeof(list) / sizeof((list)[0]))])

#define TEXT_ROOM 131072

struct text {
	size_t len;
	char at[TEXT_ROOM];
};

static inline void add(struct text *t, const char *what)
{
	size_t n = strlen(what);

	if (n > TEXT_ROOM - t->len)
		n = TEXT_ROOM - t->len;
	memcpy(t->at + t->len, what, n);
	t->len += n;
}

/*
 * None that hits so often that an emulated processor does nothing else, and none
 * on what the kernel needs to take a breakpoint.
 */
static const char *const event_names[] = {
	"sched:sched_switch", "sched:sched_process_exec", "sched:sched_process_fork",
	"task:task_newtask", "task:task_rename", "signal:signal_deliver",
	"signal:signal_generate", "syscalls:sys_enter_lseek",
	"syscalls:sys_exit_lseek", "syscalls:sys_enter_ftruncate",
	"tracepoint:sched_switch", "tracepoint:task_rename",
	"tracepoint:sched_process_exit", "perf:sched:sched_process_fork",
	"irq_vectors:reschedule_entry", "irq_vectors:call_function_exit",
	"perf:task:task_newtask", "kprobe:" SYS "lseek",
	"kprobe:" SYS "ftruncate", "kprobe:vfs_llseek", "kprobe:vfs_truncate",
	"cpu-clock", "task-clock", "page-faults", "faults", "context-switches", "cs",
	"cpu-migrations", "minor-faults", "major-faults", "alignment-faults",
	"cycles", "instructions", "cache-misses",
	/* No events. */
	"", ":", "::", "a:b", "sched:", ":sched_switch", "sched:sched_swich",
	"kprobe:", "kprobe:+", "kprobe:vfs_llseek+", "kprobe:vfs_llseek+0x",
	"kprobe:vfs_llseek+1", "kprobe:vfs_llseek+0xffffffff",
	"kprobe:vfs_llseek+99999999999999999999", "kprobe:%s%n", "kprobe:no:such",
	"kprobe:stackid:no_such", "kprobe:jiffies", "tracepoint:", "tracepoint:nope",
	"perf:", "perf:perf:", "perf:cpu-clock", "perf:kprobe:vfs_llseek",
	"perf:syscalls:sys_enter_lseek", "ftrace:function", "hold", "-", "--", "=",
};

/* An interrupt each 10 us would leave no time for anything: kprobes and clocks get these. */
static const char *const numbers[] = {
	"0", "1", "2", "3", "7", "16", "49", "99", "255", "256", "999", "65535",
	"65536", "1000000", "2147483647", "2147483648", "4294967295", "4294967296",
	"9223372036854775807", "9223372036854775808", "18446744073709551615",
	"18446744073709551616", "99999999999999999999999999999999999", "-1", "-0",
	"+1", "0x10", "0xffffffffffffffff", "0b1", "1e3", "1.5", " 1", "1 ", "",
	"00000000000000000001", "1,2,3", "1,", ",1", "one",
};

static const char *const types[] = {
	"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "u", "u128", "", "string",
};

static const char *const signs[] = {
	"==", "!=", "<", "<=", ">", ">=", "&", "&&", "=", "===", "~", "!",
};

static inline void add_number(struct series *s, struct text *t)
{
	char word[24];

	if (below(s, 4)) {
		add(t, PICK(s, numbers));
		return;
	}
	snprintf(word, sizeof(word), "%llu",
		 (unsigned long long)next_random(s) >> below(s, 64));
	add(t, word);
}

static inline void add_fetch(struct series *s, struct text *t)
{
	static const char *const args[] = {
		"arg1", "arg2", "arg3", "arg4", "arg6", "arg7", "arg12", "arg13", "arg0",
		"arg", "argument", "",
	};
	unsigned int i;

	add(t, PICK(s, args));
	for (i = below(s, 5); i; i--) {
		add(t, below(s, 2) ? "+" : "-");
		add_number(s, t);
	}
	if (!below(s, 3)) {
		add(t, ":");
		add(t, PICK(s, types));
	}
}

static inline void add_option(struct series *s, struct text *t)
{
	static const char *const names[] = {
		"pid", "tid", "uid", "freq", "period", "mode", "irqstack", "value", "if",
		"value", "if", "nope", "",
	};
	static const char *const words[] = {
		"kernel", "user", "all", "full", "cut", "none", "",
	};
	const char *name = PICK(s, names);
	unsigned int i;

	add(t, name);
	add(t, below(s, 20) ? "=" : "");
	if (!strcmp(name, "value") || !strcmp(name, "if")) {
		for (i = below(s, 6); i < 6; i++) {
			if (name[0] == 'v' && below(s, 2))
				add(t, below(s, 2) ? "a=" : "name_of_it=");
			add_fetch(s, t);
			if (name[0] == 'i' || !below(s, 8)) {
				add(t, PICK(s, signs));
				add_number(s, t);
			}
			add(t, i == 5 ? "" : name[0] == 'v' ? "," : "&&");
		}
	} else if (below(s, 3)) {
		add_number(s, t);
	} else {
		add(t, PICK(s, words));
	}
}

static inline void add_event_line(struct series *s, struct text *t)
{
	unsigned int i;

	if (!below(s, 4))
		add(t, "-");
	add(t, PICK(s, event_names));
	for (i = below(s, 4); i; i--) {
		add(t, below(s, 8) ? " " : "\t \t");
		add_option(s, t);
	}
	if (!below(s, 10))
		add(t, " # 1 asleep until");
	add(t, below(s, 10) ? "\n" : "\r\n");
}

/* Not into the megabytes: several CPUs' rings have to fit into a small VM. */
static inline void add_size(struct series *s, struct text *t)
{
	static const char *const sizes[] = {
		"4\n", "8\n", "16\n", "64\n", "100\n", "1\n", "0\n", "3\n", "-1\n", "64",
		" 64\t\n", "64\n64\n", "64 64\n", "4294967296\n", "4294967360\n",
		"99999999999999999999\n", "0x40\n", "\n", " ",
	};

	add(t, PICK(s, sizes));
}

/* Anything that may go wrong on the way, but for numbers that only grow. */
static inline void spoil(struct series *s, struct text *t)
{
	size_t n, at;

	if (!t->len)
		return;
	at = below(s, t->len);
	switch (below(s, 7)) {
	case 0:
		t->len = at;
		break;
	case 1:
		n = t->len <= TEXT_ROOM / 2 ? t->len : TEXT_ROOM - t->len;
		memcpy(t->at + t->len, t->at, n);
		t->len += n;
		break;
	case 2:
		t->at[at] = next_random(s);
		break;
	case 3:
		t->at[at] = '\0';
		break;
	case 4:
		for (n = below(s, 64); n && at < t->len; n--)
			t->at[at++] = next_random(s);
		break;
	case 5:
		n = t->len;
		while (t->len + n <= TEXT_ROOM && below(s, 400)) {
			memcpy(t->at + t->len, t->at, n);
			t->len += n;
		}
		break;
	default:
		t->at[at] = PICK(s, "\n\n \t=:,+-#&<>");
		break;
	}
}

/* For the file of that name. */
static inline void make_text(struct series *s, struct text *t, const char *file)
{
	static const char *const any[] = {
		"1\n", "1\n", "1\n", "1\n", "0\n", "1", "0", "hold\n", "hold", "hold\n\n", "holds\n", "2\n",
		"-1\n", " 1\t\n", "01\n", "1\n0\n", "", "\n", "4294967297\n", "on\n",
	};
	bool is_size = strstr(file, "size");
	unsigned int i;

	t->len = 0;
	if (is_size) {
		add_size(s, t);
	} else if (strstr(file, "events")) {
		for (i = below(s, 3) ? 1 : below(s, 12); i; i--)
			add_event_line(s, t);
	} else {
		add(t, PICK(s, any));
	}
	if (!is_size && !below(s, 3))
		spoil(s, t);
}

#endif /* FUZZ_TEXT_H */
