// SPDX-License-Identifier: GPL-2.0
/*
 * A small data file of a greater one, as a seed: shrink FROM TO RECORDS leaves the
 * first RECORDS records of each chunk, and no compression.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/data/columns_decode.h"
#include "../../lib/memory.h"
#include "mutate_data.h"
#include "parts.h"

#define ROOM (1U << 20)

/* The mutators ask for it; nothing is mutated here. */
size_t LLVMFuzzerMutate(uint8_t *data __attribute__((unused)), size_t size,
			size_t room __attribute__((unused)))
{
	return size;
}

static void shrink(struct part *part, unsigned int most)
{
	const struct stackid_record *record;
	size_t size, at = 0;
	char *records;

	records = stackid_columns_decode(part->payload, part->size,
					 part->head.count, &size);
	if (!records)
		return;
	for (; most && at < size; most--) {
		record = (const void *)(records + at);
		at += stackid_rec_size(record);
	}
	put_records(part, records, at);
	free(records);
}

int main(int argc, char **argv)
{
	uint8_t *data = stackid_memory_zalloc(ROOM, 1);
	struct parts parts;
	FILE *file = argc == 4 ? fopen(argv[1], "re") : NULL;
	size_t size;

	if (!file) {
		fprintf(stderr, "Usage: shrink FROM TO RECORDS\n");
		return 1;
	}
	size = fread(data, 1, ROOM, file);
	fclose(file);
	parts_take(&parts, data, size);
	for (unsigned int i = 0; i < parts.nr; i++) {
		if (parts.at[i].head.type == DATA_CHUNK)
			shrink(&parts.at[i], atoi(argv[3]));
	}
	size = parts_join(&parts, data, ROOM, true);
	parts_free(&parts);
	file = fopen(argv[2], "we");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		perror(argv[2]);
		return 1;
	}
	free(data);
	return 0;
}
