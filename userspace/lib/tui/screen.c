// SPDX-License-Identifier: GPL-2.0
/* The terminal as lines and keys, by ncurses. */
#define NCURSES_NOMACROS
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>

#include "../complain.h"
#include "../memory.h"
#include "restore.h"
#include "screen.h"

/* After ESC, for the rest of a key's sequence. */
#define ESCAPE_MS	25

static SCREEN *screen;
static FILE *input;
static bool cursor_wanted;

/* Complaints would be written over the screen, and go with it. */
static FILE *said;
static char *said_text;
static size_t said_size;

static FILE *open_input(void)
{
	FILE *tty;

	if (isatty(STDIN_FILENO))
		return stdin;
	tty = fopen("/dev/tty", "re");
	if (!tty)
		stackid_complain("no keys can be read: the standard input is no terminal, and /dev/tty cannot be opened: %s",
				 strerror(errno));
	return tty;
}

int stackid_screen_check(void)
{
	if (isatty(STDOUT_FILENO))
		return 0;
	stackid_complain("the output is no terminal, and a screen needs one");
	return -1;
}

int stackid_screen_start(void)
{
	static bool registered;

	if (stackid_screen_check())
		return -1;
	input = open_input();
	if (!input)
		return -1;
	fflush(NULL);
	stackid_memory_keep();
	stackid_restore_remember();
	setlocale(LC_CTYPE, "");
	screen = newterm(NULL, stdout, input);
	if (!screen) {
		const char *term = getenv("TERM");

		stackid_complain("the terminal '%s' (TERM) is not known, or it cannot move its cursor",
				 term ? term : "");
		return -1;
	}
	set_escdelay(ESCAPE_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	stackid_restore_catch();
	said = stackid_memory_stream(&said_text, &said_size);
	stackid_complain_into(said);
	if (!registered)
		atexit(stackid_screen_stop);
	registered = true;
	return 0;
}

void stackid_screen_stop(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
	stackid_restore_release();
	if (input != stdin)
		fclose(input);
	stackid_complain_into(NULL);
	fclose(said);
	fputs(said_text, stderr);
	free(said_text);
	said = NULL;
}

char *stackid_screen_complaint(void)
{
	char *last, *text;

	fflush(said);
	if (!said_size)
		return NULL;
	said_text[said_size - 1] = '\0';
	last = strrchr(said_text, '\n');
	last = last ? last + 1 : said_text;
	text = stackid_memory_strdup(last + strlen("stackid: "));
	fclose(said);
	free(said_text);
	said = stackid_memory_stream(&said_text, &said_size);
	stackid_complain_into(said);
	return text;
}

unsigned int stackid_screen_lines(void)
{
	return getmaxy(stdscr);
}

unsigned int stackid_screen_columns(void)
{
	return getmaxx(stdscr);
}

void stackid_screen_put(unsigned int line, enum screen_look look,
			const char *text)
{
	int columns = getmaxx(stdscr);
	int end;

	if (line >= (unsigned int)getmaxy(stdscr))
		return;
	attrset(look == SCREEN_REVERSE ? A_REVERSE :
		look == SCREEN_BOLD ? A_BOLD : A_NORMAL);
	move(line, 0);
	clrtoeol();
	/* In columns, not in bytes: ncurses cuts it itself. */
	addnstr(text, -1);
	end = getcury(stdscr) == (int)line ? getcurx(stdscr) : columns;
	if (look == SCREEN_REVERSE && end < columns)
		hline(' ' | A_REVERSE, columns - end);
	attrset(A_NORMAL);
}

void stackid_screen_cursor(unsigned int line, unsigned int column)
{
	cursor_wanted = true;
	move(line, column);
}

void stackid_screen_show(void)
{
	curs_set(cursor_wanted);
	cursor_wanted = false;
	refresh();
}

static int translate(int key)
{
	switch (key) {
	case KEY_RESIZE:
		return SCREEN_RESIZED;
	case KEY_UP:
		return SCREEN_UP;
	case KEY_DOWN:
		return SCREEN_DOWN;
	case KEY_LEFT:
		return SCREEN_LEFT;
	case KEY_RIGHT:
		return SCREEN_RIGHT;
	case KEY_PPAGE:
		return SCREEN_PAGE_UP;
	case KEY_NPAGE:
		return SCREEN_PAGE_DOWN;
	case KEY_HOME:
		return SCREEN_HOME;
	case KEY_END:
		return SCREEN_END;
	case KEY_ENTER:
	case '\r':
	case '\n':
		return SCREEN_ENTER;
	case KEY_BACKSPACE:
	case '\b':
	case 0x7f:
		return SCREEN_BACKSPACE;
	case KEY_BTAB:
		return SCREEN_BACK_TAB;
	case 0x1b:
		return SCREEN_ESCAPE;
	}
	/* A key that nobody here has a use for. */
	return key > 0xff ? SCREEN_NO_KEY : key;
}

int stackid_screen_fd(void)
{
	return fileno(input);
}

int stackid_screen_key(int ms)
{
	struct pollfd poller = { .fd = fileno(input), .events = POLLIN };
	int key = getch();

	if (key != ERR)
		return translate(key);
	/* A SIGWINCH ends it early; getch() gives a key for that. */
	poll(&poller, 1, ms);
	key = getch();
	if (key != ERR)
		return translate(key);
	return poller.revents ? SCREEN_GONE : SCREEN_NO_KEY;
}
