// SPDX-License-Identifier: GPL-2.0
/*
 * Trees made of the graph's: who a function calls, and who calls it, wherever it
 * stands.  A node of such a tree is a group of places in the graph that have one frame
 * and came the same way.
 *
 * The whole of it could be many times as great as the graph, so groups that would be
 * too narrow to be seen are left without what is behind them; whoever zooms in on one
 * gets a tree that was made anew for that.
 */

/* A group that has less than this share of what is shown stays closed. */
const CLOSED = 1 / 4000;

/* @places: in tree t; @weights: by side, by place. */
function newGroup(frame, places, weights)
{
	return { frame, places, weights, sums: weights.map(w => w.reduce((a, b) => a + b, 0)) };
}

/* What ends in a node, wherever that is. */
function endsGroup(t)
{
	const places = [];

	for (let i = 1; i < t.nr; i++) {
		if (t.selfs.some(self => self[i]))
			places.push(i);
	}
	const at = Uint32Array.from(places);

	return newGroup(0, at, t.selfs.map(self => Float64Array.from(at, i => self[i])));
}

/* A function, wherever it is; inside of itself it is not counted again. */
function functionGroup(t, frame)
{
	const places = [];

	for (let i = 1; i < t.nr;) {
		if (t.frame[i] === frame) {
			places.push(i);
			i = t.end[i];
		} else {
			i++;
		}
	}
	const at = Uint32Array.from(places);

	return newGroup(frame, at, t.totals.map(total => Float64Array.from(at, i => total[i])));
}

/* The callers' places, of weights that are the group's own. */
function callers(t, group, visit)
{
	const { places, weights } = group;

	for (let k = 0; k < places.length; k++) {
		const i = t.parent[places[k]];

		if (i > 0)
			visit(i, k, weights);
	}
}

/* The ends are their own first callers. */
function ends(t, group, visit)
{
	for (let k = 0; k < group.places.length; k++)
		visit(group.places[k], k, group.weights);
}

function callees(t, group, visit)
{
	for (let k = 0; k < group.places.length; k++) {
		const last = t.end[group.places[k]];

		for (let i = group.places[k] + 1; i < last; i = t.end[i])
			visit(i, i, t.totals);
	}
}

/* By frame: the place in "found" below; all -1 outside of it. */
const slotOf = new Int32Array(profile.frames.length).fill(-1);

/* The groups behind one, the greatest first. */
function groupsBehind(t, group, step)
{
	const found = [];

	step(t, group, i => {
		const frame = t.frame[i];

		if (slotOf[frame] < 0)
			slotOf[frame] = found.push({ frame, nr: 0 }) - 1;
		found[slotOf[frame]].nr++;
	});
	for (const slot of found) {
		slot.places = new Uint32Array(slot.nr);
		slot.weights = t.totals.map(() => new Float64Array(slot.nr));
		slot.nr = 0;
	}
	step(t, group, (i, k, weights) => {
		const slot = found[slotOf[t.frame[i]]];

		slot.places[slot.nr] = i;
		for (let s = 0; s < weights.length; s++)
			slot.weights[s][slot.nr] = weights[s][k];
		slot.nr++;
	});
	for (const slot of found)
		slotOf[slot.frame] = -1;
	return found.map(slot => newGroup(slot.frame, slot.places, slot.weights))
		.sort((a, b) => b.sums[t.side] - a.sums[t.side] || a.frame - b.frame);
}

/*
 * @path: frames to the node that is zoomed in on, of which @skip groups, the
 * greatest ones, are left out; the others of its ancestors are, too.
 */
function mergeTree(t, root, steps, path, skip)
{
	const depth = [], frame = [], closed = [], selfs = t.totals.map(() => []);
	let least = root.sums.map(() => Infinity);

	function open(group, d)
	{
		const me = depth.push(d) - 1;
		const rest = group.sums.slice();
		let behind = [];

		frame.push(group.frame);
		for (const self of selfs)
			self.push(0);
		if (d === path.length)
			least = group.sums.map(sum => sum * CLOSED);
		if (d <= path.length || group.sums.some((sum, s) => sum && sum >= least[s]))
			behind = groupsBehind(t, group, steps[Math.min(d, steps.length - 1)]);
		else
			closed[me] = 1;
		if (d < path.length)
			behind = behind.filter(g => g.frame === path[d]);
		else if (d === path.length)
			behind = behind.slice(skip);
		/* It is what its own places hold that is passed on. */
		group.places = group.weights = null;
		for (const next of behind) {
			next.sums.forEach((sum, s) => rest[s] -= sum);
			open(next, d + 1);
		}
		rest.forEach((sum, s) => selfs[s][me] = sum);
	}
	open(root, 0);

	const made = newTree(depth.length, selfs.length);

	made.closed = closed;
	made.depth.set(depth);
	made.frame.set(frame);
	selfs.forEach((self, s) => made.selfs[s].set(self));
	return finishTree(made, t.side);
}
