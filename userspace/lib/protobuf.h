/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of Protocol Buffers, written field by field; the schema is their writer's.
 * What is 0 or empty is left out, which readers take for that.
 */
#ifndef STACKID_PROTOBUF_H
#define STACKID_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Any integer or bool; an int32 or int64 is to be extended with its sign. */
void stackid_protobuf_number(struct buffer *out, unsigned int field,
			     uint64_t number);
/* The same, also if it is 0: where something else lies in a oneof's stead. */
void stackid_protobuf_always(struct buffer *out, unsigned int field,
			     uint64_t number);
void stackid_protobuf_fixed64(struct buffer *out, unsigned int field,
			      uint64_t number);
/* @text: UTF-8, or a reader may refuse the whole; what strings.h interns is that */
void stackid_protobuf_text(struct buffer *out, unsigned int field,
			   const char *text);
void stackid_protobuf_bytes(struct buffer *out, unsigned int field,
			    const void *data, size_t size);

/*
 * What is added to @out between the two is in the message, or of the packed numbers,
 * of that field; also if that is nothing.
 */
size_t stackid_protobuf_begin(struct buffer *out, unsigned int field);
void stackid_protobuf_end(struct buffer *out, size_t begun);
/* One of several packed numbers. */
void stackid_protobuf_packed(struct buffer *out, uint64_t number);

#endif /* STACKID_PROTOBUF_H */
