/* SPDX-License-Identifier: GPL-2.0 */
/* One HTML file that needs nothing else. */
#ifndef STACKID_FLAMEGRAPH_PAGE_H
#define STACKID_FLAMEGRAPH_PAGE_H

#include "flamegraph_common.h"

void stackid_flamegraph_print_page(const struct flamegraph *graph,
				   const char *title);

#endif /* STACKID_FLAMEGRAPH_PAGE_H */
