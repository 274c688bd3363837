// SPDX-License-Identifier: GPL-2.0
/* The tables below the graph. */
const TOP_ROWS = 40;
/* Of what only one side has. */
const ONLY_ROWS = 15;

function button(text, title, action)
{
	const made = document.createElement("button");

	made.type = "button";
	made.textContent = text;
	if (title)
		made.title = title;
	made.addEventListener("click", action);
	return made;
}

function exactly(label)
{
	return "^" + label.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") + "$";
}

/* By frame: what it has in itself and in all, in the zoomed part of the graph. */
function sumFrames(t, z)
{
	const self = new Float64Array(profile.frames.length);
	const total = new Float64Array(profile.frames.length);
	const open = new Uint32Array(profile.frames.length);
	const closing = [];

	for (let i = z; i < t.end[z]; i++) {
		const f = t.frame[i];

		while (closing.length && t.end[closing[closing.length - 1]] <= i)
			open[t.frame[closing.pop()]]--;
		self[f] += t.self[i];
		/* A function that calls itself counts once. */
		if (!open[f])
			total[f] += t.total[i];
		open[f]++;
		closing.push(i);
	}
	return { self, total };
}

function showTop()
{
	const z = state.view === "flame" ? state.zoom : 0;
	const { self, total } = sumFrames(tree, z);
	const best = [...self.keys()].filter(f => self[f] && profile.frames[f][1] !== PROCESS)
		.sort((a, b) => self[b] - self[a] || total[b] - total[a] || a - b);

	$("tophead").textContent = (z ? "Functions in " + labels[tree.frame[z]] : "Functions") + ", by self";
	$("topunit").textContent = tree.event.unit;
	$("top").tBodies[0].replaceChildren(...best.slice(0, TOP_ROWS).map(f => {
		const row = document.createElement("tr");

		for (const text of [percent(self[f], tree.total[z]), percent(total[f], tree.total[z]), number(self[f])])
			row.insertCell().textContent = text;
		row.insertCell().append(
			button(labels[f], "search", () => go({ search: exactly(labels[f]) }, true)), " ",
			button("\u21c5", "callers and callees", () => go({ view: "sandwich", focus: f }, true)));
		return row;
	}));
}

/* The greatest subtrees that only one side has: they are wherever nothing stands below them. */
function onlyOn(t, side)
{
	const mine = t.totals[side], other = t.totals[1 - side];
	const found = [];

	for (let i = 1; i < t.nr;) {
		if (mine[i] && !other[i]) {
			found.push(i);
			i = t.end[i];
		} else {
			i++;
		}
	}
	return found.sort((a, b) => mine[b] - mine[a] || a - b);
}

function showOnly(side, id, what)
{
	const found = onlyOn(tree, side);
	const all = tree.totals[side][0];
	const sum = found.reduce((a, i) => a + tree.totals[side][i], 0);

	$(id + "head").textContent = what + ": " + (found.length ?
		plural(found.length, "call path") + ", " + percent(sum, all) : "nothing");
	$(id).replaceChildren(...found.slice(0, ONLY_ROWS).map(i => {
		const row = document.createElement("tr");
		const path = pathTo(tree, i).map(f => labels[f]);

		row.insertCell().textContent = number(tree.totals[side][i]);
		row.insertCell().textContent = percent(tree.totals[side][i], all);
		row.insertCell().append(button(path.join(" \u203a "), "show it in the graph",
			() => go({ view: "flame", width: side, zoom: i, part: null }, true)));
		return row;
	}));
	if (found.length > ONLY_ROWS) {
		const cell = $(id).insertRow().insertCell();

		cell.colSpan = 3;
		cell.textContent = plural(found.length - ONLY_ROWS, "more call path");
	}
}

function showTables()
{
	showTop();
	if (compares) {
		showOnly(1, "gone", "Gone: only the baseline has it");
		showOnly(0, "added", "Added: the baseline has none of it");
	}
}

/* They take a while in a great graph, and nobody looks at them first. */
let tablesWait = 0;

function showTablesSoon()
{
	clearTimeout(tablesWait);
	if (tree.nr < 100000)
		showTables();
	else
		tablesWait = setTimeout(showTables, 200);
}
