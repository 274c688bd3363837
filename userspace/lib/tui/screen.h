/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal as lines and keys, by ncurses.  There is one, from start to stop.
 * However the process ends, also by a signal, the terminal is as it was before.
 */
#ifndef STACKID_SCREEN_H
#define STACKID_SCREEN_H

/* What is no character. */
enum screen_key {
	SCREEN_NO_KEY	= -1,	/* none came in time */
	SCREEN_GONE	= -2,	/* none can come any more */
	SCREEN_RESIZED	= 0x1000,
	SCREEN_UP,
	SCREEN_DOWN,
	SCREEN_LEFT,
	SCREEN_RIGHT,
	SCREEN_PAGE_UP,
	SCREEN_PAGE_DOWN,
	SCREEN_HOME,
	SCREEN_END,
	SCREEN_ENTER,
	SCREEN_ESCAPE,
	SCREEN_BACKSPACE,
	SCREEN_BACK_TAB,
};

enum screen_look {
	SCREEN_PLAIN,
	SCREEN_BOLD,
	SCREEN_REVERSE,
};

/* Whether there can be one: 0, or -1 after a complaint. */
int stackid_screen_check(void);
/*
 * Keys come from stdin, or from /dev/tty where that is no terminal.  0, or -1 after
 * a complaint.
 */
int stackid_screen_start(void);
void stackid_screen_stop(void);

unsigned int stackid_screen_lines(void);
unsigned int stackid_screen_columns(void);

/* One line, from 0 on; @text is cut at the edge. */
void stackid_screen_put(unsigned int line, enum screen_look look,
			const char *text);
/* Where the cursor is shown; without a call since the last show it is hidden. */
void stackid_screen_cursor(unsigned int line, unsigned int column);
void stackid_screen_show(void);

/* A character or enum screen_key.  @ms: -1 waits for ever. */
int stackid_screen_key(int ms);
/* For poll(): readable when a key has come. */
int stackid_screen_fd(void);

/*
 * What has been complained of since the last call, the last sentence only, to be
 * freed; or NULL.  What nobody asks for is on stderr after stop.
 */
char *stackid_screen_complaint(void);

#endif /* STACKID_SCREEN_H */
