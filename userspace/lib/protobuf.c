// SPDX-License-Identifier: GPL-2.0
/* Messages of Protocol Buffers. */

#include <string.h>

#include "protobuf.h"

enum wire_type {
	WIRE_VARINT	= 0,
	WIRE_FIXED64	= 1,
	WIRE_LENGTH	= 2,
};

#define VARINT_BITS	7
#define VARINT_MORE	(1U << VARINT_BITS)
#define VARINT_MOST	10

static size_t put_varint(char *to, uint64_t number)
{
	size_t nr = 0;

	for (; number >= VARINT_MORE; number >>= VARINT_BITS)
		to[nr++] = (number & (VARINT_MORE - 1)) | VARINT_MORE;
	to[nr++] = number;
	return nr;
}

void stackid_protobuf_packed(struct buffer *out, uint64_t number)
{
	char bytes[VARINT_MOST];
	size_t nr = put_varint(bytes, number);

	stackid_buffer_add(out, bytes, nr);
}

static void add_tag(struct buffer *out, unsigned int field, enum wire_type type)
{
	stackid_protobuf_packed(out, (uint64_t)field << 3 | type);
}

void stackid_protobuf_always(struct buffer *out, unsigned int field,
			     uint64_t number)
{
	add_tag(out, field, WIRE_VARINT);
	stackid_protobuf_packed(out, number);
}

void stackid_protobuf_number(struct buffer *out, unsigned int field,
			     uint64_t number)
{
	if (number)
		stackid_protobuf_always(out, field, number);
}

void stackid_protobuf_fixed64(struct buffer *out, unsigned int field,
			      uint64_t number)
{
	char *to;

	if (!number)
		return;
	add_tag(out, field, WIRE_FIXED64);
	to = stackid_buffer_extend(out, sizeof(number));
	for (size_t i = 0; i < sizeof(number); i++)
		to[i] = number >> 8 * i;
}

void stackid_protobuf_bytes(struct buffer *out, unsigned int field,
			    const void *data, size_t size)
{
	add_tag(out, field, WIRE_LENGTH);
	stackid_protobuf_packed(out, size);
	stackid_buffer_add(out, data, size);
}

void stackid_protobuf_text(struct buffer *out, unsigned int field,
			   const char *text)
{
	if (*text)
		stackid_protobuf_bytes(out, field, text, strlen(text));
}

size_t stackid_protobuf_begin(struct buffer *out, unsigned int field)
{
	add_tag(out, field, WIRE_LENGTH);
	/* Most are shorter than 128 bytes: then one is right, and nothing is moved. */
	*stackid_buffer_extend(out, 1) = 0;
	return out->size;
}

void stackid_protobuf_end(struct buffer *out, size_t begun)
{
	size_t size = out->size - begun;
	char bytes[VARINT_MOST];
	size_t nr = put_varint(bytes, size);

	stackid_buffer_extend(out, nr - 1);
	if (nr > 1)
		memmove(out->data + begun + nr - 1, out->data + begun, size);
	memcpy(out->data + begun - 1, bytes, nr);
}
