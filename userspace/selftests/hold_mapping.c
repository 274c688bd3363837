// SPDX-License-Identifier: GPL-2.0
/* Holds the first CPU's ring mapped, its file closed, until it is killed. */
#include "stackid_test.h"

int main(void)
{
	struct ring ring;

	open_ring(&ring, 0);
	close(ring.fd);
	close(open("/tmp/mapping-is-held", O_CREAT | O_WRONLY, 0600));
	for (;;)
		pause();
}
