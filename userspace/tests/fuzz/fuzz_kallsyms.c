// SPDX-License-Identifier: GPL-2.0
/*
 * kallsyms and the list of modules, by a NUL apart, and addresses that are looked up
 * in them.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/array.h"
#include "../../lib/live/kallsyms.h"
#include "fuzz.h"

static struct memory_file symbols, modules;

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_file_create(&symbols);
	fuzz_file_create(&modules);
	fuzz_close_mouth();
	return 0;
}

static void look_up(const struct kallsyms *kallsyms, uint64_t address)
{
	struct kernel_symbol symbol, again;

	if (!stackid_kallsyms_find(kallsyms, address, &symbol))
		return;
	if (symbol.start > address)
		fuzz_fail("%llx is said to be in a symbol behind it",
			  (unsigned long long)address);
	if (strlen(symbol.name) + strlen(symbol.module) > (1U << 20))
		fuzz_fail("a name without an end");
	/* Its first byte is its own. */
	if (!stackid_kallsyms_find(kallsyms, symbol.start, &again) ||
	    again.name != symbol.name)
		fuzz_fail("%llx is in %s, but not the start of that",
			  (unsigned long long)address, symbol.name);
}

/* Every number of the text is an address; so is what is next to it. */
static void look_up_all(const struct kallsyms *kallsyms, const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		uint64_t address;

		line += *line == '\n';
		address = strtoull(line, NULL, 16);
		look_up(kallsyms, address - 1);
		look_up(kallsyms, address);
		look_up(kallsyms, address + 0x10000);
	}
	look_up(kallsyms, UINT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	size_t first;
	struct kallsyms *kallsyms;
	uint64_t start, end;
	int more;

	memcpy(text, data, size);
	text[size] = '\0';
	first = strlen(text);
	fuzz_file_fill(&symbols, data, first);
	fuzz_file_fill(&modules, data + first, size - first);
	kallsyms = stackid_kallsyms_begin(symbols.path, modules.path);
	if (!kallsyms)
		fuzz_fail("a file in memory cannot be opened");
	while ((more = stackid_kallsyms_step(kallsyms)) > 0)
		;
	if (more)
		fuzz_fail("a file in memory cannot be read");
	stackid_kallsyms_hidden(kallsyms);
	stackid_kallsyms_kernel(kallsyms, &start, &end);
	look_up_all(kallsyms, text);
	stackid_kallsyms_nearest(kallsyms, "vfs_reed");
	stackid_kallsyms_nearest(kallsyms, "");
	stackid_kallsyms_destroy(kallsyms);
	free(text);
	fuzz_check_mouth();
	return 0;
}

static const char *const lines[] = {
	"ffffffff81000000 T _stext\n", "ffffffff81000400 T _etext\n",
	"ffffffff81000100 t helper\n", "ffffffff81000100 W vfs_read\n",
	"0000000000000000 A fixed\n", "ffffffffffffffff T last\n",
	"ffffffffc0000000 t first\t[alpha]\n", "ffffffffc0000080 T b\t[alpha]\n",
	"ffffffffc0005000 t other\t[beta]\n", "10000000000000000 t wide\n",
	"\0", "alpha 4096 1 beta, Live 0xffffffffc0000000 (OE)\n",
	"beta 18446744073709551615 0 - Live 0xffffffffc0005000\n",
};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed)
{
	struct dice dice = { seed };
	const char *line = lines[roll(&dice, ARRAY_SIZE(lines))];
	size_t length = *line ? strlen(line) : 1;
	size_t at = roll(&dice, size + 1);

	if (roll(&dice, 3))
		return LLVMFuzzerMutate(data, size, room);
	while (at < size && at && data[at - 1] != '\n')
		at++;
	if (size + length > room)
		return size;
	memmove(data + at + length, data + at, size - at);
	memcpy(data + at, line, length);
	return size + length;
}
