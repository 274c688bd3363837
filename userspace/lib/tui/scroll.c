// SPDX-License-Identifier: GPL-2.0
/* A window of some lines on a long list, with one line chosen. */
#include "screen.h"
#include "scroll.h"

#define CONTROL(letter)	((letter) & 0x1f)

void stackid_scroll_fit(struct scroll *scroll)
{
	if (!scroll->height)
		scroll->height = 1;
	if (scroll->at >= scroll->nr)
		scroll->at = scroll->nr ? scroll->nr - 1 : 0;
	if (scroll->top > scroll->at)
		scroll->top = scroll->at;
	if (scroll->at - scroll->top >= scroll->height)
		scroll->top = scroll->at - scroll->height + 1;
	/* No empty place below the last while there are others above. */
	if (scroll->top + scroll->height > scroll->nr)
		scroll->top = scroll->nr > scroll->height ?
			      scroll->nr - scroll->height : 0;
}

static void up(struct scroll *scroll, size_t lines)
{
	scroll->at -= lines < scroll->at ? lines : scroll->at;
}

bool stackid_scroll_key(struct scroll *scroll, int key)
{
	switch (key) {
	case SCREEN_UP:
	case 'k':
		up(scroll, 1);
		break;
	case SCREEN_DOWN:
	case 'j':
		scroll->at++;
		break;
	case SCREEN_PAGE_UP:
	case CONTROL('b'):
		up(scroll, scroll->height);
		break;
	case SCREEN_PAGE_DOWN:
	case CONTROL('f'):
	case ' ':
		scroll->at += scroll->height;
		break;
	case SCREEN_HOME:
	case 'g':
		scroll->at = 0;
		break;
	case SCREEN_END:
	case 'G':
		scroll->at = scroll->nr;
		break;
	default:
		return false;
	}
	stackid_scroll_fit(scroll);
	return true;
}
