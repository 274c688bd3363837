// SPDX-License-Identifier: GPL-2.0
/*
 * The strip above the graph: when the event was hit, and a range of it to be chosen by
 * the mouse.
 */
const strip = $("strip"), stripPen = strip.getContext("2d");
const STRIP_HEIGHT = 44;
/* From so many nodes on the graph waits for the end of a drag. */
const SLOW = 500000;

/*
 * Of a tree: firstTime, by node, where its slices begin in timeOf (numbers of slices) and
 * valueOf; wholeSelf, the values of all times.
 */
function loadTimes(t, event, next)
{
	const self = t.selfs[0];
	let k = 0;

	t.firstTime = new Uint32Array(t.nr + 1);
	t.timeOf = new Uint16Array(event.times);
	t.valueOf = new Float64Array(event.times);
	t.wholeSelf = self;
	for (let i = 0; i < t.nr; i++) {
		let left = self[i], slice = 0;

		t.firstTime[i] = k;
		if (!left)
			continue;
		for (let n = next(); n; n--) {
			slice += next();
			t.timeOf[k] = slice;
			t.valueOf[k] = n > 1 ? next() : left;
			left -= t.valueOf[k++];
		}
	}
	t.firstTime[t.nr] = k;
}

/* Makes what the tree has that of state.time, [first, end) of the slices; null is all. */
function useTime(t)
{
	const key = String(state.time);

	if (!t.firstTime || (t.timeKey ?? "null") === key)
		return;
	t.timeKey = key;
	t.ends = null;
	t.selfs[0] = t.wholeSelf;
	if (state.time) {
		const [from, to] = state.time;
		const self = new Float64Array(t.nr);

		for (let i = 0; i < t.nr; i++) {
			for (let k = t.firstTime[i]; k < t.firstTime[i + 1]; k++) {
				if (t.timeOf[k] >= from && t.timeOf[k] < to)
					self[i] += t.valueOf[k];
			}
		}
		t.selfs[0] = self;
	}
	sumUp(t, 0);
	useSide(t, t.side);
}

/* By slice: what nodes [from, to) have. */
function sumSlices(t, from, to)
{
	const sums = new Float64Array(profile.slices);

	for (let k = t.firstTime[from]; k < t.firstTime[to]; k++)
		sums[t.timeOf[k]] += t.valueOf[k];
	return sums;
}

function seconds(slice)
{
	const digits = profile.slice < 0.00001 ? 6 : profile.slice < 0.01 ? 4 : profile.slice < 1 ? 2 : 0;

	return (slice * profile.slice).toFixed(digits);
}

function drawStrip()
{
	const shows = Boolean(tree.firstTime) && profile.slices > 1;

	$("times").hidden = !shows;
	$("dragging").hidden = !shows;
	if (!shows)
		return;
	const wide = strip.parentElement.clientWidth;
	const step = wide / profile.slices;
	const all = tree.wholeSums ||= sumSlices(tree, 0, tree.nr);
	const part = zoomed && state.view === "flame" ? sumSlices(tree, zoomed, tree.end[zoomed]) : null;
	const most = all.reduce((a, b) => Math.max(a, b), 1);

	strip.width = Math.round(wide * devicePixelRatio);
	strip.height = Math.round(STRIP_HEIGHT * devicePixelRatio);
	strip.style.width = wide + "px";
	strip.style.height = STRIP_HEIGHT + "px";
	stripPen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	stripPen.fillStyle = colours.page;
	stripPen.fillRect(0, 0, wide, STRIP_HEIGHT);
	for (let k = 0; k < profile.slices; k++) {
		const bar = (sums, colour) => {
			/* What there is can be seen, however little it is. */
			const h = sums[k] && Math.max(1, sums[k] / most * (STRIP_HEIGHT - 2));

			stripPen.fillStyle = colour;
			stripPen.fillRect(k * step, STRIP_HEIGHT - h, Math.max(1, step - 0.5), h);
		};
		const out = state.time && (k < state.time[0] || k >= state.time[1]);

		stripPen.globalAlpha = out ? 0.35 : 1;
		bar(all, colours.more);
		if (part)
			bar(part, colours.accent);
	}
	stripPen.globalAlpha = 1;

	const [from, to] = state.time || [0, profile.slices];
	let sum = 0, whole = 0;

	all.forEach((value, k) => {
		whole += value;
		sum += k >= from && k < to ? value : 0;
	});
	if (state.time) {
		stripPen.strokeStyle = colours.accent;
		stripPen.lineWidth = 2;
		stripPen.strokeRect(from * step + 1, 1, Math.max(2, (to - from) * step - 2), STRIP_HEIGHT - 2);
	}
	$("timetext").textContent = (state.time ? "From " + seconds(from) + " to " + seconds(to) + " s of " : "All of ") +
		seconds(profile.slices) + " s: " + number(sum) + " of " + number(whole) + " " + tree.event.unit;
	$("alltimes").disabled = !state.time;
}

function sliceAt(mouse)
{
	const box = strip.getBoundingClientRect();
	const k = Math.floor((mouse.clientX - box.left) / box.width * profile.slices);

	return Math.max(0, Math.min(profile.slices - 1, k));
}

/* The slice that a drag began in. */
let dragged = -1;

function drag(mouse, ends)
{
	const k = sliceAt(mouse);
	const time = [Math.min(dragged, k), Math.max(dragged, k) + 1];

	if (tree.nr < SLOW || ends) {
		go({ time }, ends);
	} else {
		state.time = time;
		drawStrip();
	}
}

strip.addEventListener("pointerdown", mouse => {
	dragged = sliceAt(mouse);
	try {
		strip.setPointerCapture(mouse.pointerId);
	} catch {
		/* One that is not there any more. */
	}
	drag(mouse, false);
});
strip.addEventListener("pointermove", mouse => {
	if (dragged >= 0)
		drag(mouse, false);
});
strip.addEventListener("pointerup", mouse => {
	if (dragged < 0)
		return;
	drag(mouse, true);
	dragged = -1;
});
strip.addEventListener("pointercancel", () => dragged = -1);
strip.addEventListener("keydown", key => {
	const step = key.key === "ArrowLeft" ? -1 : key.key === "ArrowRight" ? 1 : 0;

	if (!step || key.ctrlKey || key.altKey || key.metaKey)
		return;
	key.preventDefault();

	const [from, to] = state.time || (step > 0 ? [-1, 0] : [profile.slices, profile.slices + 1]);
	const time = key.shiftKey ? [Math.max(0, from), to + step] : [from + step, to + step];

	if (time[0] >= 0 && time[1] <= profile.slices && time[0] < time[1])
		go({ time }, false);
});
