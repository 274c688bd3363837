// SPDX-License-Identifier: GPL-2.0
/* What is shown. */
const VIEWS = ["flame", "callee", "sandwich"];

/*
 * zoom, part   in the flame view: the node, and [first, end) of its children that
 *              are too narrow otherwise
 * path, skip   in the callee view: frames to the node, and how many of its children,
 *              the greatest ones, are left out
 * focus        in the sandwich: the function
 * width        the side that frames are as wide as
 * time         [first, end) of the slices that count; null is all
 */
const HOME = {
	event: 0, view: "flame", zoom: 0, part: null, path: [], skip: 0, focus: -1, search: "",
	rootOnTop: false, width: 0, per: PER[0], time: null,
};
const state = { ...HOME };
const trees = [];

/* The event's graph; the tree that zoom and search mean, and all that are seen. */
let tree, shown, shownTrees = [], zoomed = 0;
let viewKey = "", lo = 0, hi = 0;

function makeFlame()
{
	shown = tree;
	shownTrees = [tree];
	if (!(state.zoom < tree.nr) || state.zoom < 0)
		state.zoom = 0;
	zoomed = state.zoom;
	lo = tree.start[zoomed];
	hi = lo + tree.total[zoomed];

	const [first, to] = state.part || [0, 0];

	if (first <= zoomed || to <= first || to > tree.end[zoomed] || tree.parent[first] !== zoomed) {
		state.part = null;
		return;
	}
	lo = tree.start[first];
	for (let c = first; c < to; c = tree.end[c])
		hi = tree.start[c] + tree.total[c];
}

function makeCallee()
{
	tree.ends ||= endsGroup(tree);
	shown = mergeTree(tree, { ...tree.ends }, [ends, callers], state.path, state.skip);
	shown.up = true;
	shownTrees = [shown];
	/* A path that is not there ends where it ends. */
	zoomed = Math.min(state.path.length, shown.nr - 1);
	lo = 0;
	hi = shown.total[zoomed];
	if (state.skip) {
		hi = 0;
		for (let c = zoomed + 1; c < shown.end[zoomed]; c = shown.end[c])
			hi += shown.total[c];
	}
}

function makeSandwich()
{
	const up = mergeTree(tree, functionGroup(tree, state.focus), [callers], [], 0);

	shown = mergeTree(tree, functionGroup(tree, state.focus), [callees], [], 0);
	up.up = true;
	shownTrees = [shown, up];
	zoomed = 0;
	lo = 0;
	hi = shown.total[0];
}

function makeView()
{
	if (tree.side !== state.width)
		useSide(tree, state.width);
	useTime(tree);
	if (state.view === "sandwich" && !(profile.frames[state.focus] && state.focus > 0))
		state.view = "flame";

	const key = JSON.stringify([state.event, state.view, state.width, state.zoom, state.part, state.path,
				    state.skip, state.focus, state.time]);

	if (key === viewKey)
		return;
	viewKey = key;
	at = null;
	if (state.view === "callee")
		makeCallee();
	else if (state.view === "sandwich")
		makeSandwich();
	else
		makeFlame();
}

function makeRows()
{
	if (state.view === "sandwich") {
		const down = layOut(shown, lo, hi, width);
		const up = layOut(shownTrees[1], 0, shownTrees[1].total[0], width);

		return [...up.slice(1).reverse(), ...down];
	}
	return layOut(shown, lo, hi, width);
}

/* Where the box of a node is, or that of the siblings that it is one of. */
function placeOf(t, i)
{
	for (let r = 0; r < rows.length; r++) {
		if (rows[r][0].t !== t || rows[r][0].depth !== t.depth[i])
			continue;
		const k = bisect(rows[r], box => box.i <= i) - 1;

		if (k >= 0 && (rows[r][k].i === i || (rows[r][k].more && i < rows[r][k].to)))
			return { r, k };
	}
	return null;
}

function zoomBox()
{
	return boxAt(placeOf(shown, zoomed)) || rows[0][0];
}

let rowsKey = "";

function resize()
{
	const key = viewKey + " " + graph.clientWidth + " " + innerHeight + " " + devicePixelRatio;

	if (key === rowsKey) {
		if (compares)
			measureChanges(rows);
		draw();
		return;
	}
	rowsKey = key;
	at = null;
	width = graph.clientWidth;
	rows = makeRows();
	placeCanvas();
	/* A scroll bar may have come or gone. */
	if (width !== graph.clientWidth) {
		width = graph.clientWidth;
		rows = makeRows();
		placeCanvas();
		rowsKey = viewKey + " " + width + " " + innerHeight + " " + devicePixelRatio;
	}
	if (compares)
		measureChanges(rows);
	draw();
}

function describeChange(box)
{
	const [now, before] = sumsOf(box);
	let text = number(now) + " " + tree.event.unit + ", before " + number(before) + ": ";

	if (!before)
		text += "added";
	else if (!now)
		text += "gone";
	else
		text += (now < before ? "\u2212" : "+") + number(Math.abs(now - before)) + ", " + (now / before).toFixed(2) + " times";
	if (state.per !== PER[0])
		text += ", " + (changeOf(box) < 0 ? "\u2212" : "+") + changeText(Math.abs(changeOf(box)));
	return text;
}

function describe(box)
{
	const all = tree.total[0], { t, i } = box;
	let text = compares ? describeChange(box) : number(box.value) + " " + tree.event.unit;

	text += ", " + percent(box.value, all) + " of all";
	if (zoomed && box.depth > shown.depth[zoomed])
		text += ", " + percent(box.value, shown.total[zoomed]) + " of the zoomed";
	if (!box.more && t === tree && i && t.self[i])
		text += ", " + number(t.self[i]) + " (" + percent(t.self[i], all) + ") in itself";
	if (box.more && state.view !== "sandwich")
		text += "; a click shows them";
	return text;
}

function say(box)
{
	$("says").textContent = boxText(box) + ": " + describe(box);
}

function sayAt()
{
	say(boxAt(at) || zoomBox());
}

function showPath()
{
	const items = [];

	function add(text, change)
	{
		const item = document.createElement("li");

		if (change) {
			item.append(button(text, "", () => go(change, true)));
		} else {
			const last = document.createElement("b");

			last.textContent = text;
			item.append(last);
		}
		items.push(item);
	}

	if (state.view === "flame") {
		const path = [];

		for (let i = zoomed; i >= 0; i = tree.parent[i])
			path.unshift(i);
		for (const i of path)
			add(labels[tree.frame[i]], i === zoomed && !state.part ? null : { zoom: i, part: null });
		if (state.part)
			add("narrow ones");
	} else if (state.view === "callee") {
		const path = state.path.slice(0, zoomed);

		path.unshift(0);
		path.forEach((f, k) =>
			add(labels[f], k === zoomed && !state.skip ? null : { path: state.path.slice(0, k), skip: 0 }));
		if (state.skip)
			add("narrow ones");
	} else {
		add("all", { view: "flame" });
		add("callers and callees of " + labels[state.focus]);
	}
	$("path").replaceChildren(...items);
}

function showControls()
{
	const event = tree.event;
	const name = profile.title ? profile.title + " \u2013 " + event.name : event.name;

	document.title = name;
	$("title").textContent = name;
	$("event").value = state.event;
	$("view").value = state.view;
	$("width").value = state.width;
	$("per").value = state.per;
	if ($("search").value !== state.search)
		$("search").value = state.search;
	$("turn").setAttribute("aria-pressed", state.rootOnTop);
	$("turn").disabled = state.view === "sandwich";
	$("reset").disabled = !zoomed && !state.search && !state.part && !state.skip &&
		!state.time && state.view === "flame";
	canvas.setAttribute("aria-label", "Flame graph of " + event.name + ", " +
		number(event.samples) + " samples, " + (tree.nr - 1) + " frames");
}

function scrollHome()
{
	graph.scrollTop = downwards() ? 0 : graph.scrollHeight;
}

let tabled = "";

/* With the event's tree there. */
function show(home)
{
	tree = trees[state.event];
	makeView();
	showControls();
	search();
	resize();
	drawStrip();
	showPath();
	sayAt();
	if (home)
		scrollHome();

	const want = JSON.stringify([state.event, state.view, state.zoom, state.width, state.time]);

	if (tabled !== want)
		showTablesSoon();
	tabled = want;
}

async function load()
{
	const wanted = state.event;

	if (!trees[wanted]) {
		const event = profile.events[wanted];

		document.body.classList.add("loading");
		trees[wanted] = await loadTree(event, state.width);
		trees[wanted].event = event;
		document.body.classList.remove("loading");
	}
}

/* @step: a step that the browser's Back goes back over. */
async function go(change, step)
{
	const home = "rootOnTop" in change || "event" in change || "view" in change || "focus" in change;

	if ("event" in change)
		Object.assign(change, { zoom: 0, part: null, path: [], skip: 0 });
	if ("zoom" in change && !("part" in change))
		change.part = null;
	Object.assign(state, change);
	/* Without a wait where none is needed: what is typed shows at once. */
	if (!trees[state.event])
		await load();
	show(home);
	try {
		history[step ? "pushState" : "replaceState"](null, "", address());
	} catch {
		/* Some browsers refuse this for a file; the page works without. */
	}
	if (!home && ("zoom" in change || "path" in change))
		scrollToRow(placeOf(shown, zoomed)?.r ?? 0);
	draw();
}

function reset()
{
	const home = { view: "flame", zoom: 0, part: null, path: [], skip: 0, search: "", time: null };

	if (state.view === "callee")
		home.rootOnTop = false;
	return go(home, true);
}
