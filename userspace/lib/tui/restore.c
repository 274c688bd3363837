// SPDX-License-Identifier: GPL-2.0
/*
 * Taking the terminal back when a signal ends the process.  In its handler ncurses
 * must not be called, so what is to be written is made while it still may be.
 */
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "../compiler.h"
#include "restore.h"

static const int deadly[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
	SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU,
};

static struct termios modes;
static char text[256];
static size_t size;

static void die(int number)
{
	ssize_t done;

	tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
	done = write(STDOUT_FILENO, text, size);
	(void)done;
	/* SA_RESETHAND: its default again. */
	raise(number);
}

static void add_capability(const char *name)
{
	const char *sequence = tigetstr(name);
	size_t len;

	if (!sequence || sequence == (char *)-1)
		return;
	len = strlen(sequence);
	if (size + len > sizeof(text))
		return;
	memcpy(text + size, sequence, len);
	size += len;
}

void stackid_restore_remember(void)
{
	tcgetattr(STDOUT_FILENO, &modes);
}

void stackid_restore_catch(void)
{
	struct sigaction action = {
		.sa_handler = die,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	struct sigaction old;

	size = 0;
	add_capability("sgr0");
	add_capability("cnorm");
	add_capability("rmkx");
	add_capability("rmcup");
	for (size_t i = 0; i < ARRAY_SIZE(deadly); i++) {
		/* What nohup has us ignore stays ignored. */
		if (!sigaction(deadly[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(deadly[i], &action, NULL);
	}
}

void stackid_restore_release(void)
{
	struct sigaction old;

	for (size_t i = 0; i < ARRAY_SIZE(deadly); i++) {
		if (!sigaction(deadly[i], NULL, &old) && old.sa_handler == die)
			signal(deadly[i], SIG_DFL);
	}
}
