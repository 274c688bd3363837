// SPDX-License-Identifier: GPL-2.0
/* What a data file says about the machine. */
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../array.h"
#include "../clock.h"
#include "../memory.h"
#include "machine.h"

#define BUILD_ID_MAX	39

/* Of one TASKS section. */
#define TASKS_AT_ONCE	(DATA_MAX_SECTION / sizeof(struct data_task))

/* Of the words of a command: they may be megabytes. */
#define MAX_WORDS	65536

struct task_list {
	struct data_task *tasks;
	size_t nr;
	size_t room;
};

static int write_text(struct data_writer *writer, enum data_section_type type,
		      char *text, size_t size)
{
	int ret = stackid_data_write(writer, type, DATA_NO_CPU, 0, text, size);

	free(text);
	return ret;
}

void stackid_machine_boot_id(char id[40])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	*id = '\0';
	if (file && fscanf(file, "%39s", id) != 1)
		*id = '\0';
	if (file)
		fclose(file);
}

int stackid_machine_write_meta(struct data_writer *writer)
{
	uint64_t monotonic = stackid_clock(CLOCK_MONOTONIC);
	uint64_t real = stackid_clock(CLOCK_REALTIME);
	struct utsname name;
	char boot[40];
	char *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	uname(&name);
	fprintf(out, "stackid=%s\n", STACKID_VERSION);
	fprintf(out, "hostname=%s\n", name.nodename);
	fprintf(out, "release=%s\n", name.release);
	fprintf(out, "version=%s\n", name.version);
	fprintf(out, "arch=%s\n", name.machine);
	stackid_machine_boot_id(boot);
	if (*boot)
		fprintf(out, "boot_id=%s\n", boot);
	fprintf(out, "cpus=%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	fprintf(out, "start=%" PRIu64 "\n", real);
	fprintf(out, "clock_offset=%" PRIu64 "\n", real - monotonic);
	fprintf(out, "start_time=%" PRIu64 "\n", monotonic);
	fclose(out);
	return write_text(writer, DATA_META, text, size);
}

static void print_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, out);
		return;
	}
	putc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else if (*word == '\n')
			fputs("'$'\\n''", out);
		else
			putc(*word, out);
	}
	putc('\'', out);
}

int stackid_machine_write_words(struct data_writer *writer, const char *key,
				char *const *argv)
{
	char *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	fprintf(out, "%s=", key);
	for (char *const *word = argv; *word; word++) {
		if (word != argv)
			putc(' ', out);
		print_word(out, *word);
	}
	fclose(out);
	if (size > MAX_WORDS) {
		size = MAX_WORDS;
		memcpy(text + size - 4, "...", 4);
	}
	/* In place of the NUL. */
	text[size++] = '\n';
	return write_text(writer, DATA_META, text, size);
}

static void add_task(struct task_list *list, int dir, uint32_t pid,
		     uint32_t tgid)
{
	struct data_task task = { .pid = pid, .tgid = tgid };
	char path[32];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%u/comm", pid);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	got = read(fd, task.comm, sizeof(task.comm));
	close(fd);
	if (got <= 0)
		return;
	/* It ends in a newline; the name itself may hold others. */
	task.comm[got - 1] = '\0';
	stackid_array_reserve(list->tasks, list->nr, list->room);
	list->tasks[list->nr++] = task;
}

static void add_process(struct task_list *list, int proc, const char *name)
{
	struct dirent *entry;
	char path[300];
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "%s/task", name);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			add_task(list, fd, strtoul(entry->d_name, NULL, 10),
				 strtoul(name, NULL, 10));
	}
	closedir(dir);
}

int stackid_machine_write_tasks(struct data_writer *writer)
{
	struct task_list list = { };
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int ret = 0;

	while (proc && (entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			add_process(&list, dirfd(proc), entry->d_name);
	}
	if (proc)
		closedir(proc);
	for (size_t i = 0; i < list.nr && !ret; i += TASKS_AT_ONCE) {
		size_t nr = list.nr - i;

		ret = stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0,
					 list.tasks + i,
					 (nr < TASKS_AT_ONCE ? nr :
							       TASKS_AT_ONCE) *
					 sizeof(*list.tasks));
	}
	free(list.tasks);
	return ret;
}

/* The GNU build-id in a file of ELF notes, in hexadecimal; "-" without one. */
static void read_build_id(const char *path, char id[2 * BUILD_ID_MAX + 1])
{
	char notes[4096];
	Elf64_Nhdr note;
	size_t size, at = 0;
	FILE *file = fopen(path, "re");

	strcpy(id, "-");
	if (!file)
		return;
	size = fread(notes, 1, sizeof(notes), file);
	fclose(file);
	while (at + sizeof(note) <= size) {
		size_t name, desc;

		memcpy(&note, notes + at, sizeof(note));
		name = at + sizeof(note);
		desc = name + ((note.n_namesz + 3ULL) & ~3ULL);
		at = desc + ((note.n_descsz + 3ULL) & ~3ULL);
		if (at > size || at < desc)
			return;
		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
		    memcmp(notes + name, "GNU", 4) ||
		    note.n_descsz > BUILD_ID_MAX)
			continue;
		for (size_t i = 0; i < note.n_descsz; i++)
			sprintf(id + 2 * i, "%02x",
				(unsigned char)notes[desc + i]);
		return;
	}
}

static void print_modules(FILE *out)
{
	FILE *modules = fopen("/proc/modules", "re");
	char id[2 * BUILD_ID_MAX + 1];
	char name[64], path[128];
	uint64_t size, base;
	char *line = NULL;
	size_t room = 0;

	if (!modules)
		return;
	while (getline(&line, &room, modules) > 0) {
		if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s %" SCNx64, name,
			   &size, &base) != 3)
			continue;
		snprintf(path, sizeof(path),
			 "/sys/module/%s/notes/.note.gnu.build-id", name);
		read_build_id(path, id);
		fprintf(out, "%s 0x%" PRIx64 " 0x%" PRIx64 " %s\n", name, base,
			size, id);
	}
	free(line);
	fclose(modules);
}

int stackid_machine_write_modules(struct data_writer *writer, uint64_t start,
				  uint64_t end)
{
	char id[2 * BUILD_ID_MAX + 1];
	char *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);

	read_build_id("/sys/kernel/notes", id);
	fprintf(out, "[kernel.kallsyms] 0x%" PRIx64 " 0x%" PRIx64 " %s\n",
		start, end - start, id);
	print_modules(out);
	fclose(out);
	return write_text(writer, DATA_MODULES, text, size);
}
