/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON as it is written: text goes out as it grows, so nothing of a document stays
 * in memory.  Libraries that were looked at keep the whole of it, or refuse names
 * that are not UTF-8.
 *
 * Commas come by themselves.  What is between two values is up to the caller: a
 * key in objects, and brackets that match.
 */
#ifndef STACKID_JSON_H
#define STACKID_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "buffer.h"

/**
 * struct json - a document; one of zeros and @out is empty
 * @text:  what was not written yet
 * @more:  the next value or key follows another one
 * @line:  it begins a line
 */
struct json {
	FILE *out;
	struct buffer text;
	bool more;
	bool line;
};

/* A newline at the end if one is missing, writes what is left, and frees all but the struct. */
void stackid_json_end(struct json *json);
/* For documents of one line each: the next value begins one of its own. */
void stackid_json_next(struct json *json);
/* What was not written yet goes out now. */
void stackid_json_flush(struct json *json);
/* The next value begins a line. */
void stackid_json_line(struct json *json);

/* @bracket: '{' or '[', and '}' or ']' */
void stackid_json_open(struct json *json, char bracket);
void stackid_json_close(struct json *json, char bracket);
/* @key: a word that needs no quoting */
void stackid_json_key(struct json *json, const char *key);
/* One that may. */
void stackid_json_key_text(struct json *json, const char *key);

void stackid_json_string(struct json *json, const char *text);
void stackid_json_number(struct json *json, uint64_t number);
void stackid_json_signed(struct json *json, int64_t number);
/* @number / 10^@digits, all digits of it: 12.345 */
void stackid_json_fraction(struct json *json, uint64_t number,
			   unsigned int digits);
/* JSON of any kind that is ready: "true", "null". */
void stackid_json_raw(struct json *json, const char *text, size_t size);

/* The same with a key. */
void stackid_json_key_string(struct json *json, const char *key,
			     const char *text);
void stackid_json_key_number(struct json *json, const char *key,
			     uint64_t number);
void stackid_json_key_word(struct json *json, const char *key,
			   const char *word);
void stackid_json_key_open(struct json *json, const char *key, char bracket);

/*
 * @text in quotes.  Bytes that are not UTF-8 become U+FFFD; what a terminal obeys,
 * see plain.h, is written as \uXXXX.
 */
void stackid_json_quote(struct buffer *to, const char *text);
void stackid_json_digits(struct buffer *to, uint64_t number);

#endif /* STACKID_JSON_H */
