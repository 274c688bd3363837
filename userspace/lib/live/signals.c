// SPDX-License-Identifier: GPL-2.0
/* Signals that end a recording, or its file. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../complain.h"
#include "signals.h"

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int stackid_signals_catch(struct signals *signals, bool user, bool service)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* What nohup has us ignore stays ignored. */
	if (!sigaction(SIGHUP, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	if (user)
		sigaddset(&set, SIGUSR2);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file that becomes too large is a disk that is full. */
	signal(SIGXFSZ, SIG_IGN);
	signals->fatal = 0;
	signals->user = false;
	signals->hangup_is_user = service && !has_terminal();
	signals->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals->fd < 0) {
		stackid_complain("no signalfd: %s", strerror(errno));
		return -1;
	}
	return 0;
}

void stackid_signals_take(struct signals *signals)
{
	struct signalfd_siginfo info;

	while (read(signals->fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGUSR2 ||
		    (info.ssi_signo == SIGHUP && signals->hangup_is_user))
			signals->user = true;
		else if (info.ssi_signo != SIGCHLD)
			signals->fatal = info.ssi_signo;
	}
}

void stackid_signals_release(struct signals *signals)
{
	sigset_t set;

	close(signals->fd);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void stackid_signals_die_by(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}
