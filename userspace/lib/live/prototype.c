// SPDX-License-Identifier: GPL-2.0
/*
 * The arguments of what an event probes, and what lies behind them.
 *
 * Each tracepoint NAME has a function __traceiter_NAME, which calls its probes with
 * the arguments; so the BTF has their names and types.  System calls have them in
 * the format of their trace event only.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../complain.h"
#include "../memory.h"
#include "../words.h"
#include "prototype.h"

#define BTF_DIR		"/sys/kernel/btf"
#define SYSCALLS	"syscalls:sys_"

static struct btf *kernel_btf(void)
{
	static struct btf *btf;
	static bool tried;

	if (!tried) {
		libbpf_set_print(NULL);
		btf = btf__load_vmlinux_btf();
	}
	tried = true;
	return btf;
}

/* Of the module that has it; what was loaded stays for the next question. */
static const struct btf *module_btf(const char *function, int *id)
{
	struct btf *base = kernel_btf(), *btf = NULL;
	DIR *dir = opendir(BTF_DIR);
	const struct dirent *entry;

	*id = -1;
	while (dir && *id < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		btf = btf__load_module_btf(entry->d_name, base);
		if (!btf)
			continue;
		*id = btf__find_by_name_kind(btf, function, BTF_KIND_FUNC);
		if (*id < 0)
			btf__free(btf);
	}
	if (dir)
		closedir(dir);
	return *id < 0 ? NULL : btf;
}

static void add_arg(struct prototype *prototype, const char *name,
		    unsigned int type)
{
	struct prototype_arg *arg;

	if (prototype->nr_args == PROTOTYPE_MAX_ARGS)
		return;
	arg = &prototype->args[prototype->nr_args++];
	arg->name = stackid_memory_strdup(name);
	arg->type = type;
}

/* Less the first @skip parameters. */
static bool find_function(struct prototype *prototype, const char *function,
			  unsigned int skip)
{
	const struct btf_type *type;
	const struct btf_param *params;
	int id;

	if (!kernel_btf())
		return false;
	prototype->btf = kernel_btf();
	id = btf__find_by_name_kind(prototype->btf, function, BTF_KIND_FUNC);
	if (id < 0)
		prototype->btf = module_btf(function, &id);
	if (id < 0)
		return false;
	type = btf__type_by_id(prototype->btf, id);
	type = btf__type_by_id(prototype->btf, type->type);
	params = btf_params(type);
	for (unsigned int i = skip; i < btf_vlen(type); i++)
		add_arg(prototype,
			btf__name_by_offset(prototype->btf, params[i].name_off),
			params[i].type);
	return true;
}

/* In C, what a system call's format says, and as BTF calls it. */
static const char *const long_names[][2] = {
	{ "unsigned long", "long unsigned int" },
	{ "long", "long int" },
	{ "unsigned", "unsigned int" },
};

static unsigned int type_of_text(const struct btf *btf, const char *text)
{
	int id;

	if (strchr(text, '*'))
		text = "unsigned long";
	for (size_t i = 0; i < sizeof(long_names) / sizeof(long_names[0]); i++) {
		if (!strcmp(text, long_names[i][0]))
			text = long_names[i][1];
	}
	id = btf__find_by_name_kind(btf, text, BTF_KIND_TYPEDEF);
	if (id < 0)
		id = btf__find_by_name_kind(btf, text, BTF_KIND_INT);
	return id < 0 ? 0 : id;
}

static FILE *open_format(const char *event)
{
	static const char *const roots[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing"
	};
	FILE *file = NULL;

	for (size_t i = 0; !file && i < sizeof(roots) / sizeof(roots[0]); i++) {
		char *path = stackid_memory_print("%s/events/syscalls/%s/format",
						  roots[i],
						  strchr(event, ':') + 1);

		file = fopen(path, "re");
		free(path);
	}
	return file;
}

/* "\tfield:const char * filename;\toffset:24;..." */
static void add_field(struct prototype *prototype, char *line)
{
	char *type = strstr(line, "field:"), *name;

	if (!type)
		return;
	type += strlen("field:");
	type[strcspn(type, ";")] = '\0';
	name = strrchr(type, ' ');
	/* The call's number is none of its arguments. */
	if (!name || !strncmp(name + 1, "__", 2) ||
	    !strncmp(name + 1, "common_", strlen("common_")))
		return;
	*name++ = '\0';
	add_arg(prototype, name, type_of_text(prototype->btf, type));
}

static bool find_syscall(struct prototype *prototype, const char *event)
{
	FILE *format;
	char line[256];

	prototype->btf = kernel_btf();
	if (!prototype->btf)
		return false;
	if (!strncmp(event, SYSCALLS "exit_", strlen(SYSCALLS "exit_"))) {
		add_arg(prototype, "ret", type_of_text(prototype->btf, "long"));
		return true;
	}
	format = open_format(event);
	if (!format)
		return false;
	while (fgets(line, sizeof(line), format))
		add_field(prototype, line);
	fclose(format);
	return true;
}

/* Behind the last colon; of a kprobe without its offset, which moves the arguments. */
static bool find_named(struct prototype *prototype, const char *event)
{
	const char *name = strrchr(event, ':');
	char *function;
	bool found;

	if (!name || !strncmp(event, "perf:", strlen("perf:")))
		return false;
	name++;
	if (!strncmp(event, "kprobe:", strlen("kprobe:"))) {
		if (strchr(name, '+'))
			return false;
		return find_function(prototype, name, 0);
	}
	function = stackid_memory_print("__traceiter_%s", name);
	found = find_function(prototype, function, 1);
	free(function);
	return found;
}

bool stackid_prototype_find(struct prototype *prototype, const char *event)
{
	*prototype = (struct prototype) { .event = event };
	if (!strncmp(event, SYSCALLS, strlen(SYSCALLS)))
		return find_syscall(prototype, event);
	return find_named(prototype, event);
}

void stackid_prototype_free(struct prototype *prototype)
{
	for (unsigned int i = 0; i < prototype->nr_args; i++)
		free(prototype->args[i].name);
	prototype->nr_args = 0;
}

/* "it has a, b and c" */
static char *name_args(const struct prototype *prototype)
{
	char *text;
	size_t size;
	FILE *out;

	if (!prototype->nr_args)
		return stackid_memory_strdup("it has none");
	out = stackid_memory_stream(&text, &size);
	fputs("it has ", out);
	for (unsigned int i = 0; i < prototype->nr_args; i++)
		fprintf(out, "%s%s", !i ? "" :
			i + 1 < prototype->nr_args ? ", " : " and ",
			prototype->args[i].name);
	fclose(out);
	return text;
}

static int refuse_arg(const struct prototype *prototype, const char *name)
{
	char *names = name_args(prototype);

	stackid_complain("%s has no argument %s: %s", prototype->event, name,
			 names);
	free(names);
	return -1;
}

static const struct btf_type *plain_type(const struct btf *btf,
					 unsigned int id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(btf, type->type);
	return type;
}

/**
 * struct member - where a member of a struct is
 * @offset: in bytes
 */
struct member {
	unsigned int type;
	unsigned int offset;
	bool is_bitfield;
};

/* Also within the unnamed structs and unions that it has. */
static bool find_member(const struct btf *btf, const struct btf_type *of,
			const char *name, struct member *found)
{
	const struct btf_member *members = btf_members(of);

	for (unsigned int i = 0; i < btf_vlen(of); i++) {
		const char *its = btf__name_by_offset(btf, members[i].name_off);
		unsigned int bits = btf_member_bit_offset(of, i);
		const struct btf_type *type;

		if (!strcmp(its, name)) {
			found->type = members[i].type;
			found->offset = bits / 8;
			found->is_bitfield = btf_member_bitfield_size(of, i);
			return true;
		}
		type = plain_type(btf, members[i].type);
		if (!*its && type && btf_is_composite(type) &&
		    find_member(btf, type, name, found)) {
			found->offset += bits / 8;
			return true;
		}
	}
	return false;
}

static void collect_members(const struct btf *btf, const struct btf_type *of,
			    const char **names, size_t *nr, size_t max)
{
	const struct btf_member *members = btf_members(of);

	for (unsigned int i = 0; i < btf_vlen(of) && *nr < max; i++) {
		const char *its = btf__name_by_offset(btf, members[i].name_off);
		const struct btf_type *type = plain_type(btf, members[i].type);

		if (*its)
			names[(*nr)++] = its;
		else if (type && btf_is_composite(type))
			collect_members(btf, type, names, nr, max);
	}
}

static int refuse_member(const struct btf *btf, const struct btf_type *of,
			 const char *name)
{
	enum { MOST = 1024 };
	const char **names = stackid_memory_zalloc(MOST, sizeof(*names));
	const char *closest;
	size_t nr = 0;

	collect_members(btf, of, names, &nr, MOST);
	closest = stackid_closest_word(name, names, nr);
	stackid_complain("struct %s has no member %s%s%s",
			 btf__name_by_offset(btf, of->name_off), name,
			 closest ? "; did you mean " : "", closest ? closest : "");
	free(names);
	return -1;
}

/* How the module names the type; -1 if it is none of those that it knows. */
static int name_type(const struct btf *btf, unsigned int id, char type_name[4])
{
	const struct btf_type *type = plain_type(btf, id);
	unsigned int size = type && !btf_is_ptr(type) ? type->size : 8;
	bool is_signed = false;

	if (!type || !(btf_is_int(type) || btf_is_ptr(type) ||
		       btf_is_any_enum(type)))
		return -1;
	if (btf_is_int(type))
		is_signed = btf_int_encoding(type) & BTF_INT_SIGNED;
	else if (btf_is_any_enum(type))
		is_signed = btf_kflag(type);
	if (size > 8 || size & (size - 1))
		return -1;
	snprintf(type_name, 4, "%c%u", is_signed ? 's' : 'u', size * 8 % 100);
	return 0;
}

/* One step of a path: @name behind "->" or, within the same struct, ".". */
static int step(const struct prototype *prototype, const char *path,
		const char *name, bool arrow, unsigned int *type_id,
		struct prototype_value *value)
{
	const struct btf *btf = prototype->btf;
	const struct btf_type *type = plain_type(btf, *type_id);
	struct member member;

	if (arrow && type && btf_is_ptr(type))
		type = plain_type(btf, type->type);
	else if (arrow)
		type = NULL;
	if (!type || !btf_is_composite(type)) {
		stackid_complain("%s: %s cannot follow %s there: what is before it is %s", path,
				 name, arrow ? "->" : ".",
				 arrow ? "no pointer to a struct" : "no struct");
		return -1;
	}
	if (!find_member(btf, type, name, &member))
		return refuse_member(btf, type, name);
	if (!arrow && !value->nr_offsets) {
		stackid_complain("%s: a struct that is passed by value has no address to read %s from",
				 path, name);
		return -1;
	}
	if (member.is_bitfield) {
		stackid_complain("%s: %s has no byte of its own, it is a bit field; take another member",
				 path, name);
		return -1;
	}
	if (arrow && value->nr_offsets == PROTOTYPE_MAX_OFFSETS) {
		stackid_complain("%s follows more than %d pointers, which the module does not do",
				 path, PROTOTYPE_MAX_OFFSETS);
		return -1;
	}
	if (arrow)
		value->offsets[value->nr_offsets++] = member.offset;
	else if (value->nr_offsets)
		value->offsets[value->nr_offsets - 1] += member.offset;
	*type_id = member.type;
	return 0;
}

/* "->pid" or ".counter" at @rest; what follows it is there then. */
static int take_step(const struct prototype *prototype, const char *path,
		     const char **rest, unsigned int *type,
		     struct prototype_value *value)
{
	bool arrow = !strncmp(*rest, "->", 2);
	const char *at = *rest + (arrow ? 2 : 1);
	size_t length = strcspn(at, "-.");
	char *name;
	int ret;

	if ((!arrow && **rest != '.') || !length) {
		stackid_complain("'%s' is not understood at '%s'; members follow -> or a dot, as in next->pid",
				 path, *rest);
		return -1;
	}
	name = strndup(at, length);
	ret = step(prototype, path, name, arrow, type, value);
	free(name);
	*rest = at + length;
	return ret;
}

static int find_arg(const struct prototype *prototype, const char *name,
		    size_t length)
{
	for (unsigned int i = 0; i < prototype->nr_args; i++) {
		const char *its = prototype->args[i].name;

		if (strlen(its) == length && !strncmp(its, name, length))
			return i;
	}
	return -1;
}

int stackid_prototype_value(const struct prototype *prototype, const char *path,
			    struct prototype_value *value)
{
	size_t length = strcspn(path, "-.");
	int arg = find_arg(prototype, path, length);
	const char *rest = path + length;
	unsigned int type;

	if (arg < 0) {
		char *name = strndup(path, length);

		refuse_arg(prototype, name);
		free(name);
		return -1;
	}
	*value = (struct prototype_value) { .arg = arg + 1, .type = "u64" };
	type = prototype->args[arg].type;
	while (*rest) {
		if (take_step(prototype, path, &rest, &type, value))
			return -1;
	}
	if (type && name_type(prototype->btf, type, value->type)) {
		stackid_complain("%s is no number: a struct, an array or the like; name a member of it, or give argN+OFFSET:TYPE",
				 path);
		return -1;
	}
	return 0;
}

int stackid_prototype_arg(const struct prototype *prototype, unsigned int arg,
			  struct prototype_value *value)
{
	char number[16];

	if (!arg || arg > prototype->nr_args) {
		snprintf(number, sizeof(number), "arg%u", arg);
		return refuse_arg(prototype, number);
	}
	return stackid_prototype_value(prototype,
				       prototype->args[arg - 1].name, value);
}
