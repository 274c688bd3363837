// SPDX-License-Identifier: GPL-2.0
/*
 * Trees: arrays with one item a node, in preorder.
 *
 *   depth, frame, parent (-1 of the root), end (the first node behind the subtree)
 *   selfs, totals   by side: 0 is this recording, 1 the baseline
 *   self, total     of the side that frames are as wide as
 *   start           where a node begins, in units of total
 */
/* A stack has at most 65,535 frames, and some stand above and below it. */
const DEEPEST = 65540;

function newTree(nr, sides)
{
	const t = {
		nr,
		levels: 0,
		depth: new Uint16Array(nr),
		frame: new Uint32Array(nr),
		parent: new Int32Array(nr),
		end: new Uint32Array(nr),
		start: new Float64Array(nr),
		selfs: [],
		totals: [],
	};

	for (let s = 0; s < sides; s++)
		t.selfs.push(new Float64Array(nr));
	return t;
}

/* With depth, frame and selfs there. */
function finishTree(t, side)
{
	const { nr, depth, parent, end } = t;
	/* By depth: the last node. */
	const open = new Int32Array(DEEPEST);
	let levels = 0;

	parent[0] = -1;
	end.fill(1);
	for (let i = 1; i < nr; i++) {
		const d = depth[i];

		parent[i] = open[d - 1];
		open[d] = i;
		if (d > levels)
			levels = d;
	}
	t.levels = levels + 1;
	/* First how many nodes a subtree has. */
	for (let i = nr - 1; i > 0; i--) {
		end[parent[i]] += end[i];
		end[i] += i;
	}
	t.selfs.forEach((self, s) => sumUp(t, s));
	useSide(t, side);
	return t;
}

function sumUp(t, s)
{
	const { nr, parent } = t;
	const total = t.selfs[s].slice();

	for (let i = nr - 1; i > 0; i--)
		total[parent[i]] += total[i];
	t.totals[s] = total;
}

function useSide(t, side)
{
	const { nr, depth, start } = t;
	const total = t.totals[side];
	/* By depth: where the next node begins. */
	const next = new Float64Array(t.levels + 1);

	t.side = side;
	t.self = t.selfs[side];
	t.total = total;
	for (let i = 0; i < nr; i++) {
		const d = depth[i];

		start[i] = next[d];
		next[d] += total[i];
		next[d + 1] = start[i];
	}
}

async function loadTree(event, side)
{
	const next = numberReader(await inflate(bytesOf(event.tree)));
	const t = newTree(event.nodes, profile.seconds.length);
	let d = -1;

	/* The text is not wanted any more, and may be long. */
	event.tree = null;
	for (let i = 0; i < t.nr; i++) {
		d += 1 - next();
		t.depth[i] = d;
	}
	/* By frame: those that have followed it; by depth: the last node's frame. */
	const followers = profile.frames.map(() => []);
	const above = new Uint32Array(DEEPEST);

	for (let i = 1; i < t.nr; i++) {
		const known = followers[above[t.depth[i] - 1]];
		const k = next();
		const f = k ? known[k - 1] : next();

		if (!k)
			known.push(f);
		t.frame[i] = above[t.depth[i]] = f;
	}
	for (const self of t.selfs) {
		for (let i = 0; i < t.nr; i++)
			self[i] = next();
	}
	if (profile.slices)
		loadTimes(t, event, next);
	return finishTree(t, side);
}

/* Frames from below the root down to node i. */
function pathTo(t, i)
{
	const path = [];

	for (; i > 0; i = t.parent[i])
		path.unshift(t.frame[i]);
	return path;
}
