// SPDX-License-Identifier: GPL-2.0
/* A page's tree as a text: what it says is told in page_data.js. */
#include <stdlib.h>
#include <zlib.h>

#include "../lib/array.h"
#include "../lib/buffer.h"
#include "../lib/complain.h"
#include "../lib/exit_code.h"
#include "../lib/hash.h"
#include "../lib/slots.h"
#include "flamegraph_tree.h"

/* A stack has at most 65,535 frames and one that says it was cut; and two above them. */
#define PATH_ROOM	(UINT16_MAX + 4)

struct tree {
	const struct flamegraph_node *nodes;
	size_t nr_nodes;
	size_t nr_frames;
	bool compares;
};

void stackid_flamegraph_add_number(struct buffer *bytes, uint64_t number)
{
	for (; number > 127; number >>= 7)
		*stackid_buffer_extend(bytes, 1) = number | 128;
	*stackid_buffer_extend(bytes, 1) = number;
}

/*
 * Of what a function calls there is little, so which of those a node is takes a few
 * bits, and which of all functions two bytes.
 */
static void add_frame_numbers(const struct tree *tree, struct buffer *bytes)
{
	struct follower {
		uint32_t parent;
		uint32_t frame;
		uint32_t rank;
	} *known = NULL;
	size_t nr_known = 0, room = 0;
	struct slots slots = { };
	uint32_t *nr_followers =
		stackid_memory_zalloc(tree->nr_frames, sizeof(*nr_followers));
	uint32_t above[PATH_ROOM] = { };

	for (size_t i = 1; i < tree->nr_nodes; i++) {
		const struct flamegraph_node *node = &tree->nodes[i];
		uint32_t parent = above[node->depth - 1];
		uint64_t hash = stackid_hash_u64((uint64_t)parent << 32 |
						 node->frame);
		uint32_t number;
		size_t step = 0;

		above[node->depth] = node->frame;
		while ((number = stackid_slots_next(&slots, hash, &step))) {
			const struct follower *of = &known[number - 1];

			if (of->parent == parent && of->frame == node->frame)
				break;
		}
		if (number) {
			stackid_flamegraph_add_number(bytes, known[number - 1].rank);
			continue;
		}
		stackid_flamegraph_add_number(bytes, 0);
		stackid_flamegraph_add_number(bytes, node->frame);
		stackid_array_reserve(known, nr_known, room);
		known[nr_known++] = (struct follower) {
			.parent = parent,
			.frame = node->frame,
			.rank = ++nr_followers[parent],
		};
		stackid_slots_add(&slots, hash, nr_known);
	}
	free(nr_followers);
	free(known);
	stackid_slots_free(&slots);
}

/* The tree's numbers, in the order in which the page reads them. */
static void add_numbers(const struct tree *tree, struct buffer *bytes)
{
	uint32_t level = 0;

	for (size_t i = 0; i < tree->nr_nodes; i++) {
		stackid_flamegraph_add_number(bytes, level - tree->nodes[i].depth);
		level = tree->nodes[i].depth + 1;
	}
	add_frame_numbers(tree, bytes);
	for (size_t i = 0; i < tree->nr_nodes; i++)
		stackid_flamegraph_add_number(bytes, tree->nodes[i].self);
	if (!tree->compares)
		return;
	for (size_t i = 0; i < tree->nr_nodes; i++)
		stackid_flamegraph_add_number(bytes, tree->nodes[i].before);
}

static void print_base64(FILE *out, const unsigned char *bytes, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		uint32_t group = bytes[i] << 16 |
				 (left > 1 ? bytes[i + 1] << 8 : 0) |
				 (left > 2 ? bytes[i + 2] : 0);

		putc(digits[group >> 18], out);
		putc(digits[group >> 12 & 63], out);
		putc(left > 1 ? digits[group >> 6 & 63] : '=', out);
		putc(left > 2 ? digits[group & 63] : '=', out);
	}
}

void stackid_flamegraph_print_tree(FILE *out,
				   const struct flamegraph_node *nodes,
				   size_t nr_nodes, size_t nr_frames,
				   bool compares, const struct buffer *times)
{
	struct tree tree = { nodes, nr_nodes, nr_frames, compares };
	struct buffer bytes = { };
	unsigned char *packed;
	uLongf size;

	add_numbers(&tree, &bytes);
	stackid_buffer_add(&bytes, times->data, times->size);
	size = compressBound(bytes.size);
	packed = stackid_memory_resize(NULL, size, 1);
	/* With that much room it fails only for want of memory. */
	if (compress2(packed, &size, (const Bytef *)bytes.data, bytes.size,
		      Z_DEFAULT_COMPRESSION) != Z_OK) {
		stackid_complain("out of memory: could not compress the graph");
		exit(EXIT_FAILED);
	}
	print_base64(out, packed, size);
	free(packed);
	free(bytes.data);
}
