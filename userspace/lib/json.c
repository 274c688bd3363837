// SPDX-License-Identifier: GPL-2.0
/* JSON as it is written. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "plain.h"

/* Text is collected, and written when there is about so much. */
#define FLUSH_AT	(64 * 1024)

static void add(struct buffer *to, const char *text)
{
	stackid_buffer_add(to, text, strlen(text));
}

void stackid_json_flush(struct json *json)
{
	if (json->text.size)
		fwrite(json->text.data, 1, json->text.size, json->out);
	json->text.size = 0;
}

void stackid_json_end(struct json *json)
{
	if (json->more)
		stackid_buffer_add(&json->text, "\n", 1);
	stackid_json_flush(json);
	free(json->text.data);
	json->text = (struct buffer) { };
}

void stackid_json_next(struct json *json)
{
	stackid_buffer_add(&json->text, "\n", 1);
	json->more = false;
	if (json->text.size >= FLUSH_AT)
		stackid_json_flush(json);
}

void stackid_json_line(struct json *json)
{
	json->line = true;
}

/* What stands before a value or a key. */
static void begin(struct json *json)
{
	if (json->text.size >= FLUSH_AT)
		stackid_json_flush(json);
	if (json->more)
		stackid_buffer_add(&json->text, ",", 1);
	if (json->line)
		stackid_buffer_add(&json->text, "\n", 1);
	json->more = true;
	json->line = false;
}

void stackid_json_open(struct json *json, char bracket)
{
	begin(json);
	stackid_buffer_add(&json->text, &bracket, 1);
	json->more = false;
}

void stackid_json_close(struct json *json, char bracket)
{
	if (json->line)
		stackid_buffer_add(&json->text, "\n", 1);
	stackid_buffer_add(&json->text, &bracket, 1);
	json->more = true;
	json->line = false;
}

void stackid_json_key(struct json *json, const char *key)
{
	begin(json);
	stackid_buffer_add(&json->text, "\"", 1);
	add(&json->text, key);
	stackid_buffer_add(&json->text, "\":", 2);
	json->more = false;
}

void stackid_json_key_text(struct json *json, const char *key)
{
	begin(json);
	stackid_json_quote(&json->text, key);
	stackid_buffer_add(&json->text, ":", 1);
	json->more = false;
}

static void add_unit(struct buffer *to, unsigned int unit)
{
	static const char digits[] = "0123456789abcdef";
	char *escape = stackid_buffer_extend(to, 6);

	escape[0] = '\\';
	escape[1] = 'u';
	for (unsigned int i = 0; i < 4; i++)
		escape[2 + i] = digits[unit >> (12 - 4 * i) & 15];
}

/* As UTF-16 has it, which is what JSON's escapes are of. */
static void add_escape(struct buffer *to, uint32_t character)
{
	if (character < 0x10000) {
		add_unit(to, character);
		return;
	}
	character -= 0x10000;
	add_unit(to, 0xd800 | character >> 10);
	add_unit(to, 0xdc00 | (character & 0x3ff));
}

/* Bytes that stand for themselves, in front of one that may not. */
static size_t simple_length(const char *text)
{
	const char *at = text;

	while (*at >= ' ' && *at < 0x7f && *at != '"' && *at != '\\')
		at++;
	return at - text;
}

void stackid_json_quote(struct buffer *to, const char *text)
{
	stackid_buffer_add(to, "\"", 1);
	while (*text) {
		size_t length = simple_length(text);
		uint32_t character;

		stackid_buffer_add(to, text, length);
		text += length;
		if (!*text)
			break;
		length = stackid_plain_decode(text, &character);
		if (!length) {
			add(to, "\xef\xbf\xbd");
			length = 1;
		} else if (*text == '"' || *text == '\\') {
			stackid_buffer_add(to, "\\", 1);
			stackid_buffer_add(to, text, 1);
		} else if (stackid_plain_length(text)) {
			stackid_buffer_add(to, text, length);
		} else {
			add_escape(to, character);
		}
		text += length;
	}
	stackid_buffer_add(to, "\"", 1);
}

/* printf() is too slow for those of events. */
void stackid_json_digits(struct buffer *to, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	for (; number >= 10; number /= 100) {
		unsigned int pair = number % 100;

		digits[--at] = '0' + pair % 10;
		digits[--at] = '0' + pair / 10;
	}
	if (number || at == sizeof(digits))
		digits[--at] = '0' + number;
	stackid_buffer_add(to, digits + at, sizeof(digits) - at);
}

void stackid_json_string(struct json *json, const char *text)
{
	begin(json);
	stackid_json_quote(&json->text, text);
}

void stackid_json_number(struct json *json, uint64_t number)
{
	begin(json);
	stackid_json_digits(&json->text, number);
}

void stackid_json_signed(struct json *json, int64_t number)
{
	begin(json);
	if (number < 0)
		stackid_buffer_add(&json->text, "-", 1);
	stackid_json_digits(&json->text,
			    number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void stackid_json_fraction(struct json *json, uint64_t number,
			   unsigned int digits)
{
	uint64_t whole = 1;
	char *to;

	begin(json);
	for (unsigned int i = 0; i < digits; i++)
		whole *= 10;
	stackid_json_digits(&json->text, number / whole);
	to = stackid_buffer_extend(&json->text, digits + 1);
	*to = '.';
	for (number %= whole; digits; digits--, number /= 10)
		to[digits] = '0' + number % 10;
}

void stackid_json_raw(struct json *json, const char *text, size_t size)
{
	begin(json);
	stackid_buffer_add(&json->text, text, size);
}

void stackid_json_key_string(struct json *json, const char *key,
			     const char *text)
{
	stackid_json_key(json, key);
	stackid_json_string(json, text);
}

void stackid_json_key_number(struct json *json, const char *key,
			     uint64_t number)
{
	stackid_json_key(json, key);
	stackid_json_number(json, number);
}

void stackid_json_key_word(struct json *json, const char *key,
			   const char *word)
{
	stackid_json_key(json, key);
	stackid_json_raw(json, word, strlen(word));
}

void stackid_json_key_open(struct json *json, const char *key, char bracket)
{
	stackid_json_key(json, key);
	stackid_json_open(json, bracket);
}
