// SPDX-License-Identifier: GPL-2.0
/* Folded stacks, as stackid flamegraph has them. */

#include "../flamegraph/flamegraph_folded.h"
#include "export_format.h"

static int write_folded(struct export *export)
{
	struct flamegraph graph = {
		.weigh = export->weigh,
		.out = export->out,
	};
	int result = stackid_comparison_open_one(&graph.comparison,
						 export->reading, PROFILE_COMM,
						 export->weigh);

	if (result != EXIT_OK)
		return result;
	if (stackid_flamegraph_check_single(&graph))
		result = EXIT_FAILED;
	else
		stackid_flamegraph_print_folded(&graph);
	stackid_comparison_free(&graph.comparison);
	return result;
}

const struct export_format stackid_export_folded = {
	.name = "folded",
	.to = EXPORT_TO_TEXT,
	.in_one_go = true,
	.write = write_folded,
};
