// SPDX-License-Identifier: GPL-2.0
/*
 * kmalloc_mix ROUNDS: allocations of the kernel from many places, and deep
 * ones: TCP over the loopback device (down through the softirq and up again),
 * UNIX sockets, files on the root file system (an overlay in the VM), /proc,
 * and a new process.  Every round is the same, and nothing in it waits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define DIRECTORY	"/var/tmp/kmalloc_mix"

static void fail(const char *what)
{
	fprintf(stderr, "kmalloc_mix: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void check(int ret, const char *what)
{
	if (ret < 0)
		fail(what);
}

static void tcp(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct linger at_once = { .l_onoff = 1 };
	socklen_t length = sizeof(address);
	char buffer[2000] = "";
	int server, client, peer;

	server = socket(AF_INET, SOCK_STREAM, 0);
	check(server, "socket");
	check(bind(server, (struct sockaddr *)&address, length), "bind");
	check(listen(server, 1), "listen");
	check(getsockname(server, (struct sockaddr *)&address, &length),
	      "getsockname");
	client = socket(AF_INET, SOCK_STREAM, 0);
	check(connect(client, (struct sockaddr *)&address, length), "connect");
	peer = accept(server, NULL, NULL);
	check(peer, "accept");
	for (int i = 0; i < 8; i++) {
		check(send(client, buffer, sizeof(buffer), 0), "send");
		check(recv(peer, buffer, sizeof(buffer), 0), "recv");
		check(send(peer, buffer, 100, 0), "send");
		check(recv(client, buffer, sizeof(buffer), 0), "recv");
	}
	/* Without it each round would leave a TIME_WAIT behind. */
	check(setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once,
			 sizeof(at_once)), "setsockopt");
	close(client);
	close(peer);
	close(server);
}

static void unix_sockets(void)
{
	int pair[2], events, pipes[2];
	struct epoll_event event = { .events = EPOLLIN };
	char control[CMSG_SPACE(sizeof(int))] = "";
	char byte = 0;
	struct iovec vec = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &vec,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	check(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), "socketpair");
	check(pipe(pipes), "pipe");
	events = epoll_create1(0);
	check(events, "epoll_create1");
	check(epoll_ctl(events, EPOLL_CTL_ADD, pair[0], &event), "epoll_ctl");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &pipes[0], sizeof(int));
	check(sendmsg(pair[1], &message, 0), "sendmsg");
	for (int i = 0; i < 8; i++)
		check(send(pair[1], DIRECTORY, 10, 0), "send");
	check(epoll_wait(events, &event, 1, 0), "epoll_wait");
	/* What was sent goes with the sockets. */
	close(pair[0]);
	close(pair[1]);
	close(events);
	close(pipes[0]);
	close(pipes[1]);
}

static void files(void)
{
	char data[5000] = "";
	int file;

	check(mkdir(DIRECTORY, 0700), "mkdir " DIRECTORY);
	for (int i = 0; i < 4; i++) {
		file = open(DIRECTORY "/a", O_CREAT | O_EXCL | O_RDWR, 0600);
		check(file, "open");
		check(write(file, data, sizeof(data)), "write");
		check(fsetxattr(file, "trusted.bench", data, 100, 0),
		      "fsetxattr");
		close(file);
		check(symlink("a", DIRECTORY "/a-link-with-a-name-too-long-to-be-inline"),
		      "symlink");
		check(link(DIRECTORY "/a", DIRECTORY "/b"), "link");
		check(rename(DIRECTORY "/b", DIRECTORY "/c"), "rename");
		check(unlink(DIRECTORY "/a-link-with-a-name-too-long-to-be-inline"),
		      "unlink");
		check(unlink(DIRECTORY "/a"), "unlink");
		check(unlink(DIRECTORY "/c"), "unlink");
	}
	check(rmdir(DIRECTORY), "rmdir");
}

static void read_proc(void)
{
	static const char *const paths[] = {
		"/proc/self/status", "/proc/self/stat", "/proc/self/limits",
		"/proc/self/mounts", "/proc/uptime", "/proc/loadavg",
		"/sys/kernel/uevent_seqnum", "/sys/devices/system/cpu/online",
	};
	char buffer[4096];
	int file;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		file = open(paths[i], O_RDONLY);
		check(file, paths[i]);
		while (read(file, buffer, sizeof(buffer)) > 0)
			continue;
		close(file);
	}
}

static void process(void)
{
	int status, memory;
	pid_t pid;

	pid = fork();
	check(pid, "fork");
	if (!pid) {
		memory = memfd_create("bench", 0);
		check(memory, "memfd_create");
		check(ftruncate(memory, 1 << 20), "ftruncate");
		execl("/bin/busybox", "true", (char *)NULL);
		fail("/bin/busybox");
	}
	check(waitpid(pid, &status, 0), "waitpid");
	if (status) {
		fprintf(stderr, "kmalloc_mix: a child failed\n");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

	if (rounds <= 0) {
		fputs("Usage: kmalloc_mix ROUNDS\n", stderr);
		return 2;
	}
	while (rounds--) {
		for (int i = 0; i < 4; i++) {
			tcp();
			unix_sockets();
			files();
			read_proc();
		}
		process();
	}
	return 0;
}
