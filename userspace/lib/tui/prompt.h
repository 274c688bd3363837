/* SPDX-License-Identifier: GPL-2.0 */
/* A line that is typed at the bottom of the screen, key by key. */
#ifndef STACKID_PROMPT_H
#define STACKID_PROMPT_H

#include <stddef.h>

/* @label: what is asked for; NULL while nothing is */
struct prompt {
	const char *label;
	char text[256];
	size_t len;
};

enum prompt_state {
	PROMPT_OPEN,
	PROMPT_DONE,	/* Enter: .text is it */
	PROMPT_LEFT,	/* ESC */
};

/* @text: what stands there already. */
void stackid_prompt_begin(struct prompt *prompt, const char *label,
			  const char *text);
/* Any but PROMPT_OPEN also ends it. */
enum prompt_state stackid_prompt_key(struct prompt *prompt, int key);
void stackid_prompt_draw(const struct prompt *prompt, unsigned int line);

#endif /* STACKID_PROMPT_H */
