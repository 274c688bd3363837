/* SPDX-License-Identifier: GPL-2.0 */
/* Whom the hits of a profile are of, each once: there are few, of very many cells. */
#ifndef STACKID_WHOS_H
#define STACKID_WHOS_H

#include <stddef.h>
#include <stdint.h>

#include "../slots.h"
#include "profile.h"

/**
 * struct whos - the first one is nobody, of zeros
 * @slots: to places in @at + 1
 * @last:  the place of the one that was asked for last: many follow each other
 */
struct whos {
	struct profile_who *at;
	size_t nr;
	size_t room;
	struct slots slots;
	uint32_t last;
};

void stackid_whos_init(struct whos *whos);
void stackid_whos_exit(struct whos *whos);

/* Its place.  Equal names have to be equal pointers. */
uint32_t stackid_whos_find(struct whos *whos, const struct profile_who *who);

#endif /* STACKID_WHOS_H */
