/* SPDX-License-Identifier: GPL-2.0 */
/* Data files section by section, with heads that say anything. */
#ifndef STACKID_FORGE_H
#define STACKID_FORGE_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/data/data.h"

struct forge {
	int fd;
	uint32_t sequence;
};

/* The file's header. */
void forge_begin(struct forge *forge, int fd);

/*
 * @head: its .type, .encoding, .cpu, .generation, times and .count; the rest is
 * filled in.  The payload is @size bytes @times times over.
 */
void forge_section(struct forge *forge, struct data_section head,
		   const void *payload, size_t size, size_t times);

/* A payload without more in its head than type and generation. */
void forge_plain(struct forge *forge, enum data_section_type type,
		 uint64_t generation, const void *payload, size_t size);
void forge_text(struct forge *forge, enum data_section_type type,
		const char *text);

/* @nr hits of event 1 on @cpu, each 16 bytes and alike but for time and pid. */
void forge_hits(struct forge *forge, uint32_t cpu, uint64_t generation,
		uint32_t id, uint32_t pid, uint32_t nr);

#endif /* STACKID_FORGE_H */
