/* SPDX-License-Identifier: GPL-2.0 */
/* Data files that are changed inside of their sections and then put right. */
#ifndef STACKID_MUTATE_DATA_H
#define STACKID_MUTATE_DATA_H

#include "fuzz.h"

struct part;

/* What is no data file becomes one.  Returns its size, @room at most. */
size_t mutate_data(uint8_t *data, size_t size, size_t room, struct dice *dice);

/* As the payload of a chunk; false if they are no records, or too many. */
bool put_records(struct part *part, const void *records, size_t size);

#endif /* STACKID_MUTATE_DATA_H */
