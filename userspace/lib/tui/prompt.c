// SPDX-License-Identifier: GPL-2.0
/* A line that is typed at the bottom of the screen, key by key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "prompt.h"
#include "screen.h"

#define CONTROL(letter)	((letter) & 0x1f)

void stackid_prompt_begin(struct prompt *prompt, const char *label,
			  const char *text)
{
	prompt->label = label;
	snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->len = strlen(prompt->text);
}

/* With the tail of a UTF-8 character goes its head. */
static void erase_last(struct prompt *prompt)
{
	while (prompt->len && (prompt->text[--prompt->len] & 0xc0) == 0x80)
		;
	prompt->text[prompt->len] = '\0';
}

enum prompt_state stackid_prompt_key(struct prompt *prompt, int key)
{
	switch (key) {
	case SCREEN_ENTER:
		prompt->label = NULL;
		return PROMPT_DONE;
	case SCREEN_ESCAPE:
		prompt->label = NULL;
		return PROMPT_LEFT;
	case SCREEN_BACKSPACE:
		erase_last(prompt);
		return PROMPT_OPEN;
	case CONTROL('u'):
		prompt->len = 0;
		prompt->text[0] = '\0';
		return PROMPT_OPEN;
	}
	if (key >= ' ' && key <= 0xff && prompt->len < sizeof(prompt->text) - 1) {
		prompt->text[prompt->len++] = key;
		prompt->text[prompt->len] = '\0';
	}
	return PROMPT_OPEN;
}

void stackid_prompt_draw(const struct prompt *prompt, unsigned int line)
{
	char *text = stackid_memory_print("%s: %s", prompt->label,
					  prompt->text);
	unsigned int columns = stackid_screen_columns();
	size_t len = strlen(text);
	/* What is typed last stays in sight. */
	size_t hidden = len >= columns ? len - columns + 1 : 0;

	stackid_screen_put(line, SCREEN_BOLD, text + hidden);
	stackid_screen_cursor(line, len - hidden);
	free(text);
}
