// SPDX-License-Identifier: GPL-2.0
/* JSON as it is written. */
#include <stdlib.h>
#include <string.h>

#include "../lib/json.h"
#include "../lib/memory.h"
#include "test.h"

static void check_text(const char *got, const char *want)
{
	if (strcmp(got, want))
		printf("# %s instead of %s\n", got, want);
	CHECK(!strcmp(got, want));
}

static void check_quoted(const char *text, const char *want)
{
	struct buffer buffer = { };

	stackid_json_quote(&buffer, text);
	stackid_buffer_add(&buffer, "", 1);
	check_text(buffer.data, want);
	free(buffer.data);
}

static void text_is_quoted(void)
{
	check_quoted("", "\"\"");
	check_quoted("vfs_read", "\"vfs_read\"");
	check_quoted("a\"b\\c/", "\"a\\\"b\\\\c/\"");
	check_quoted("\b\n\t\x1b[31m\x7f", "\"\\u0008\\u000a\\u0009\\u001b[31m\\u007f\"");
	check_quoted("na\xc3\xafve \xf0\x9f\x90\xa7", "\"na\xc3\xafve \xf0\x9f\x90\xa7\"");
	/* Orders to turn the text round, and a tag that nobody sees. */
	check_quoted("\xe2\x80\xae\xf3\xa0\x80\xa1", "\"\\u202e\\udb40\\udc21\"");
}

static void what_is_no_utf8_is_replaced(void)
{
#define NO "\xef\xbf\xbd"
	check_quoted("\xff", "\"" NO "\"");
	check_quoted("a\xc3", "\"a" NO "\"");
	check_quoted("\xc3(", "\"" NO "(\"");
	/* Longer than need be; a surrogate; beyond the last character. */
	check_quoted("\xc0\xaf", "\"" NO NO "\"");
	check_quoted("\xed\xa0\x80", "\"" NO NO NO "\"");
	check_quoted("\xf4\x90\x80\x80", "\"" NO NO NO NO "\"");
#undef NO
}

/* What @write writes. */
static void check_document(void (*write)(struct json *json), const char *want)
{
	char *text = NULL;
	size_t size;
	struct json json = { .out = stackid_memory_stream(&text, &size) };

	write(&json);
	stackid_json_end(&json);
	fclose(json.out);
	check_text(text, want);
	free(text);
}

static void write_all(struct json *json)
{
	stackid_json_open(json, '{');
	stackid_json_key_open(json, "empty", '[');
	stackid_json_close(json, ']');
	stackid_json_key_open(json, "numbers", '[');
	stackid_json_number(json, 0);
	stackid_json_number(json, UINT64_MAX);
	stackid_json_signed(json, INT64_MIN);
	stackid_json_fraction(json, 1234567, 3);
	stackid_json_fraction(json, 1000005, 6);
	stackid_json_close(json, ']');
	stackid_json_line(json);
	stackid_json_key_string(json, "text", "\n");
	stackid_json_key_word(json, "no", "false");
	stackid_json_close(json, '}');
}

static void write_lines(struct json *json)
{
	stackid_json_number(json, 1);
	stackid_json_next(json);
	stackid_json_open(json, '[');
	stackid_json_number(json, 2);
	stackid_json_number(json, 3);
	stackid_json_close(json, ']');
}

static void documents_are_whole(void)
{
	check_document(write_all,
		       "{\"empty\":[],\"numbers\":[0,18446744073709551615,-9223372036854775808,1234.567,1.000005],\n"
		       "\"text\":\"\\u000a\",\"no\":false}\n");
	check_document(write_lines, "1\n[2,3]\n");
}

static void write_many(struct json *json)
{
	stackid_json_open(json, '[');
	for (unsigned int i = 0; i < 100000; i++) {
		stackid_json_number(json, 7);
		CHECK(json->text.size < 100000);
	}
	stackid_json_close(json, ']');
}

static void nothing_stays_in_memory(void)
{
	char *want = stackid_memory_zalloc(300000, 1);

	strcpy(want, "[7");
	for (unsigned int i = 1; i < 100000; i++)
		memcpy(want + 2 * i, ",7", 2);
	strcpy(want + 200000, "]\n");
	check_document(write_many, want);
	free(want);
}

static const struct test tests[] = {
	TEST(text_is_quoted),
	TEST(what_is_no_utf8_is_replaced),
	TEST(documents_are_whole),
	TEST(nothing_stays_in_memory),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
