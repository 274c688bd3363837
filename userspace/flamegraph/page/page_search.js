// SPDX-License-Identifier: GPL-2.0
/* Search: what matches is counted, the rest goes pale, and one can step through. */

/* Nodes that are counted in one go. */
const SLICE = 500000;

/* By frame. */
let foundFrames = null;
/* By tree: how many nodes before one match. */
let foundBefore = new Map();
let searchWorks = false;
/* The pattern that is being counted, and the end of that. */
let searched = null, counting = null;
/*
 * Those that stand on no other match, in the shown tree: how many, where they are once
 * somebody steps through them, and which of them was gone to.
 */
let nrMatches = 0, matches = null, matchAt = -1;

function isFound(box)
{
	if (!searchWorks)
		return false;
	if (!box.more)
		return foundFrames[box.t.frame[box.i]] === 1;
	const before = foundBefore.get(box.t);

	return Boolean(before) && before[box.to] > before[box.i];
}

function compile()
{
	const field = $("search");

	field.setAttribute("aria-invalid", "false");
	if (!state.search)
		return null;
	try {
		/* Upper case in the pattern asks for exact case. */
		return new RegExp(state.search, /[A-Z]/.test(state.search) ? "" : "i");
	} catch (error) {
		field.setAttribute("aria-invalid", "true");
		$("matched").textContent = error.message;
		return null;
	}
}

/*
 * Counts the matches of a tree in slices: { t, z, i, until, all, below, outermost, sum },
 * where below is how many there are below z, and the sum is of the outermost ones, as what
 * a match stands on has it already.
 */
function newCount(t, z)
{
	/* Great, so it is made once. */
	t.before ||= new Uint32Array(t.nr + 1);
	return { t, z, i: 0, until: z, all: 0, below: 0, outermost: 0, sum: 0, before: t.before };
}

function countSlice(count)
{
	const { t, z, before } = count;
	const { frame, end, total } = t;
	const found = foundFrames, last = end[z];
	const stop = Math.min(t.nr, count.i + SLICE);
	let { i, until, all, below, outermost, sum } = count;

	for (; i < stop; i++) {
		before[i] = all;
		if (!found[frame[i]] || !total[i])
			continue;
		all++;
		if (i < z || i >= last)
			continue;
		below++;
		if (i >= until) {
			until = end[i];
			outermost++;
			sum += total[i];
		}
	}
	before[t.nr] = all;
	Object.assign(count, { i, until, all, below, outermost, sum });
	return i < t.nr;
}

function showCounts(counts)
{
	for (const count of counts)
		foundBefore.set(count.t, count.before);
	nrMatches = counts[0].outermost;
	$("matched").textContent = "Matched: " + percent(counts[0].sum, shown.total[zoomed]) +
		(zoomed ? " of the zoomed" : "") + ", " + plural(counts.reduce((a, c) => a + c.below, 0), "frame");
	$("steps").hidden = !nrMatches;
}

/* In a great graph counting takes longer than one waits for a letter to show. */
async function countSoon(counts, pattern)
{
	for (const count of counts) {
		do {
			await new Promise(done => setTimeout(done, 0));
			if (searched !== pattern)
				return;
		} while (countSlice(count));
	}
	showCounts(counts);
	drawSoon();
}

function search()
{
	nrMatches = 0;
	matches = null;
	matchAt = -1;
	$("matched").textContent = "";
	$("steps").hidden = true;
	foundBefore.clear();

	const pattern = compile();

	searched = pattern;
	searchWorks = Boolean(pattern);
	if (!pattern)
		return;
	foundFrames = Uint8Array.from(labels, label => pattern.test(label));

	const counts = shownTrees.map(t => newCount(t, t === shown ? zoomed : 0));

	if (shown.nr > SLICE) {
		$("matched").textContent = "counting \u2026";
		counting = countSoon(counts, pattern);
		return;
	}
	for (const count of counts)
		countSlice(count);
	showCounts(counts);
}

function findMatches()
{
	const { frame, end, total } = shown;
	const found = new Uint32Array(nrMatches);
	let nr = 0;

	for (let i = zoomed; nr < nrMatches; ) {
		if (foundFrames[frame[i]] && total[i]) {
			found[nr++] = i;
			i = end[i];
		} else {
			i++;
		}
	}
	return found;
}

/* The next match (@step 1) or the one before (-1), zoomed out or in as it takes. */
function stepTo(step)
{
	if (!nrMatches)
		return;

	const all = matches || findMatches();
	const which = (matchAt < 0 && step < 0 ? all.length - 1 : matchAt + step + all.length) % all.length;
	const text = $("matched").textContent.replace(/^.*: (?=Matched)/, "");

	if (!goTo(shown, all[which]))
		return;
	/* Where it zoomed, what is found has been counted anew. */
	matches = all;
	nrMatches = all.length;
	matchAt = which;
	$("steps").hidden = false;
	$("matched").textContent = number(which + 1) + " of " + number(all.length) + ": " + text;
}
