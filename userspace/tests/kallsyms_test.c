// SPDX-License-Identifier: GPL-2.0
/* Looking up addresses, most of all at the ends of things. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/live/kallsyms.h"
#include "test.h"

static const char kernel[] =
	"0000000000000000 A fixed_percpu_data\n"
	"ffffffff81000000 T startup_64\n"
	"ffffffff81000000 T _stext\n"
	"ffffffff81000000 T _text\n"
	"ffffffff81000100 t __do_sys_fork\n"
	"ffffffff81000100 T __ia32_sys_fork\n"
	"ffffffff81000100 T __x64_sys_fork\n"
	"ffffffff81000180 D some_data\n"
	"ffffffff81000200 t helper\n"
	"ffffffff81000200 W weak_helper\n"
	"ffffffff81000300 T last\n"
	"ffffffff81000400 T _etext\n"
	"ffffffff82000000 D more_data\n"
	"ffffffffc0000000 t mod_first\t[alpha]\n"
	"ffffffffc0000080 T mod_last\t[alpha]\n"
	"ffffffffc0005000 t other\t[beta]\n"
	"ffffffffc0006000 t bpf_prog_1234\t[bpf]\n";

static const char modules[] =
	"alpha 4096 1 beta, Live 0xffffffffc0000000 (OE)\n"
	"beta 4096 0 - Live 0xffffffffc0005000\n";

static char *write_file(const char *text)
{
	char *path = strdup("/tmp/stackid-kallsyms-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(path);
		exit(1);
	}
	close(fd);
	return path;
}

static struct kallsyms *read_kallsyms(const char *text)
{
	char *symbols = write_file(text);
	char *extents = write_file(modules);
	struct kallsyms *kallsyms = stackid_kallsyms_begin(symbols, extents);
	int more;

	while ((more = stackid_kallsyms_step(kallsyms)) > 0)
		;
	CHECK_EQUAL(more, 0);
	unlink(symbols);
	unlink(extents);
	free(symbols);
	free(extents);
	return kallsyms;
}

static void check(const struct kallsyms *kallsyms, uint64_t address,
		  const char *name, const char *module, uint64_t offset)
{
	struct kernel_symbol symbol;
	bool found = stackid_kallsyms_find(kallsyms, address, &symbol);

	CHECK_EQUAL(found, !!name);
	if (!found || !name)
		return;
	if (strcmp(symbol.name, name))
		printf("# %" PRIx64 " is in %s\n", address, symbol.name);
	CHECK(!strcmp(symbol.name, name));
	CHECK(!strcmp(symbol.module, module));
	CHECK_EQUAL(address - symbol.start, offset);
}

static void symbols_end_where_the_next_begins(void)
{
	struct kallsyms *kallsyms = read_kallsyms(kernel);

	check(kallsyms, 0xffffffff80ffffff, NULL, NULL, 0);
	check(kallsyms, 0xffffffff81000000, "_text", "", 0);
	check(kallsyms, 0xffffffff810000ff, "_text", "", 0xff);
	check(kallsyms, 0xffffffff81000100, "__x64_sys_fork", "", 0);
	/* Data is no end: a function goes over it. */
	check(kallsyms, 0xffffffff810001ff, "__x64_sys_fork", "", 0xff);
	check(kallsyms, 0xffffffff81000200, "weak_helper", "", 0);
	check(kallsyms, 0xffffffff810003ff, "last", "", 0xff);
	stackid_kallsyms_destroy(kallsyms);
}

static void modules_end_where_they_say(void)
{
	struct kallsyms *kallsyms = read_kallsyms(kernel);

	check(kallsyms, 0xffffffffbfffffff, NULL, NULL, 0);
	check(kallsyms, 0xffffffffc0000000, "mod_first", "alpha", 0);
	check(kallsyms, 0xffffffffc000007f, "mod_first", "alpha", 0x7f);
	check(kallsyms, 0xffffffffc0000080, "mod_last", "alpha", 0);
	check(kallsyms, 0xffffffffc0000fff, "mod_last", "alpha", 0xf7f);
	check(kallsyms, 0xffffffffc0001000, NULL, NULL, 0);
	check(kallsyms, 0xffffffffc0004fff, NULL, NULL, 0);
	check(kallsyms, 0xffffffffc0005fff, "other", "beta", 0xfff);
	stackid_kallsyms_destroy(kallsyms);
}

static void the_last_symbol_does_not_go_on_for_ever(void)
{
	struct kallsyms *kallsyms = read_kallsyms(kernel);

	check(kallsyms, 0xffffffffc0006000, "bpf_prog_1234", "bpf", 0);
	check(kallsyms, 0xffffffffc000ffff, "bpf_prog_1234", "bpf", 0x9fff);
	check(kallsyms, 0xffffffffc0016000, NULL, NULL, 0);
	check(kallsyms, ~0ULL, NULL, NULL, 0);
	stackid_kallsyms_destroy(kallsyms);
}

static void kernel_text_is_known(void)
{
	struct kallsyms *kallsyms = read_kallsyms(kernel);
	uint64_t start, end;

	stackid_kallsyms_kernel(kallsyms, &start, &end);
	CHECK_EQUAL(start, 0xffffffff81000000);
	CHECK_EQUAL(end, 0xffffffff81000400);
	CHECK(!stackid_kallsyms_hidden(kallsyms));
	stackid_kallsyms_destroy(kallsyms);
}

static void hidden_addresses_are_noticed(void)
{
	static const char hidden[] =
		"0000000000000000 T _stext\n"
		"0000000000000000 T startup_64\n"
		"0000000000000000 t other\t[beta]\n";
	struct kallsyms *kallsyms = read_kallsyms(hidden);

	CHECK(stackid_kallsyms_hidden(kallsyms));
	stackid_kallsyms_destroy(kallsyms);
	kallsyms = read_kallsyms("");
	CHECK(stackid_kallsyms_hidden(kallsyms));
	check(kallsyms, 0xffffffff81000000, NULL, NULL, 0);
	stackid_kallsyms_destroy(kallsyms);
}

/* More than one step, and the order of the file does not count. */
static void large_files_are_sorted(void)
{
	const unsigned int nr = 20000;
	char *text = malloc(nr * 40 + 1);
	struct kallsyms *kallsyms;
	char *at = text;

	for (unsigned int i = 0; i < nr; i++)
		at += sprintf(at, "%016" PRIx64 " t function_%u\n",
			      (uint64_t)0xffffffff81000000 +
			      16 * (uint64_t)(i * 7919ULL % nr),
			      (unsigned int)(i * 7919ULL % nr));
	kallsyms = read_kallsyms(text);
	CHECK_EQUAL(stackid_kallsyms_count(kallsyms), nr);
	for (unsigned int i = 0; i < nr; i++) {
		char name[24];

		snprintf(name, sizeof(name), "function_%u", i);
		check(kallsyms, 0xffffffff8100000f + 16 * i, name, "", 15);
	}
	stackid_kallsyms_destroy(kallsyms);
	free(text);
}

static const struct test tests[] = {
	TEST(symbols_end_where_the_next_begins),
	TEST(modules_end_where_they_say),
	TEST(the_last_symbol_does_not_go_on_for_ever),
	TEST(kernel_text_is_known),
	TEST(hidden_addresses_are_noticed),
	TEST(large_files_are_sorted),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
