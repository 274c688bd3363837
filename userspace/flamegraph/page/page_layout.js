// SPDX-License-Identifier: GPL-2.0
/*
 * Where everything is: rows of boxes, from left to right.  A box is a node that is wide
 * enough to be seen, or siblings that are not: those that stand side by side share one,
 * and so does what stands on them.
 *
 *   x, w      in pixels
 *   t, i      the tree and the node; of siblings the first
 *   to        the first node behind it
 *   more      how many nodes it is that are not drawn; 0 for a node of its own
 *   value     of all of them; sums: the same by side, of siblings
 *   depth     in the tree
 *   clipped   it reaches beyond what is shown
 */

/* In pixels. */
const NARROW = 0.5;
/* Many of these side by side can be seen, as they share the pixels. */
const NOTHING = 0.1;
/* What "more" is where it has not been counted. */
const UNKNOWN = -1;

/* @lo, @hi: what is shown, in units of t.total. */
function layOut(t, lo, hi, width)
{
	const rows = [];
	const scale = hi > lo ? width / (hi - lo) : 0;
	const { total, start, end, depth } = t;
	const values = t.totals.map(() => new Float64Array(t.levels + 1));
	const counts = new Uint32Array(t.levels + 1);

	function add(d, box)
	{
		(rows[d] ||= []).push(box);
	}

	function addSiblings(d, first, to)
	{
		const last = Math.max(first, to - 1);
		let deepest = d;

		for (const sums of values)
			sums.fill(0, d);
		counts.fill(0, d);
		for (let i = first; i <= last; i++) {
			if (!total[i])
				continue;
			for (let s = 0; s < values.length; s++)
				values[s][depth[i]] += t.totals[s][i];
			counts[depth[i]]++;
			if (depth[i] > deepest)
				deepest = depth[i];
			/* It does not end where nobody has looked any further. */
			if (t.closed?.[i]) {
				for (let s = 0; s < values.length; s++)
					values[s][depth[i] + 1] += t.totals[s][i];
				deepest = Math.max(deepest, depth[i] + 1);
			}
		}
		for (let e = d; e <= deepest; e++) {
			const value = values[t.side][e], w = value * scale;

			if (w < NOTHING)
				break;
			add(e, {
				x: (start[first] - lo) * scale, w, t, i: first, to, depth: e,
				more: counts[e] || UNKNOWN, value, sums: values.map(sums => sums[e]), clipped: false,
			});
		}
	}

	function addNode(i)
	{
		const from = Math.max(start[i], lo);
		const till = Math.min(start[i] + total[i], hi);
		const d = depth[i];
		let first = -1, to = 0;

		add(d, {
			x: (from - lo) * scale, w: (till - from) * scale, t, i, to: end[i], depth: d,
			more: 0, value: total[i], clipped: till - from < total[i],
		});
		for (let c = i + 1; c < end[i]; c = end[c]) {
			const s = start[c], v = total[c];

			if (!v || s + v <= lo)
				continue;
			if (s >= hi)
				break;
			if ((Math.min(s + v, hi) - Math.max(s, lo)) * scale >= NARROW) {
				if (first >= 0)
					addSiblings(d + 1, first, to);
				first = -1;
				addNode(c);
			} else {
				if (first < 0)
					first = c;
				to = end[c];
			}
		}
		if (first >= 0)
			addSiblings(d + 1, first, to);
	}
	if (total[0])
		addNode(0);
	else
		add(0, { x: 0, w: width, t, i: 0, to: end[0], depth: 0, more: 0, value: 0, clipped: false });
	return rows;
}

/* How many boxes at the head of a row answer yes. */
function bisect(row, yes)
{
	let low = 0, high = row.length;

	while (low < high) {
		const mid = (low + high) >> 1;

		if (yes(row[mid]))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
