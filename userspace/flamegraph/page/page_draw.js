// SPDX-License-Identifier: GPL-2.0
/* The canvas. */
const canvas = $("canvas"), graph = $("graph"), pen = canvas.getContext("2d");
const FONT = "12px ui-monospace, monospace";
/* A finger needs more room than a mouse. */
const ROW = matchMedia("(pointer: coarse)").matches ? 26 : 18;

/*
 * What is drawn: rows of boxes from the innermost outwards, but in the sandwich from
 * the outermost caller down.
 */
let rows = [], width = 0, charWidth = 7;
/* The box that the mouse or the arrow keys are at: { r, k }, or null. */
let at = null;

function downwards()
{
	return state.view === "sandwich" || state.rootOnTop;
}

function rowTop(r)
{
	return (downwards() ? r : rows.length - 1 - r) * ROW;
}

function boxAt(place)
{
	return place && rows[place.r]?.[place.k];
}

function moreText(n)
{
	return n === UNKNOWN ? "more" : number(n) + " more";
}

function boxText(box)
{
	return box.more ? moreText(box.more) : labels[box.t.frame[box.i]];
}

/* The end of a name tells as much as its beginning. */
function fit(text, room)
{
	const chars = Math.floor(room / charWidth);

	if (text.length <= chars)
		return text;
	if (chars < 3)
		return "";
	const head = Math.ceil((chars - 1) / 2);

	return text.slice(0, head) + "\u2026" + text.slice(text.length - (chars - 1 - head));
}

/* Calls @rect and @text with what a box looks like, whatever it is drawn on. */
function paintBox(box, y, rect, text)
{
	const found = isFound(box);
	let alpha = box.clipped ? 0.6 : 1;

	if (state.search && searchWorks && !found)
		alpha = 0.3;
	rect(box.x, y, box.w > 3 ? box.w - 0.6 : box.w, ROW - 1,
	     found && !compares ? colours.match : colourOf(box), alpha);
	if (found && compares)
		rect(box.x, y + ROW - 4, box.w > 3 ? box.w - 0.6 : box.w, 3, colours.match, 1);
	if (!box.more && box.w > 3 * charWidth) {
		/* The module is the hue. */
		const name = fit(profile.frames[box.t.frame[box.i]][0], box.w - 6);

		if (name)
			text(name, box.x + 3, y, alpha < 0.5 ? 0.55 : 1);
	}
}

/*
 * Siblings of one parent have a box of their own, for a click, but those that lie side
 * by side have one text.
 */
function paintMore(row, y, text)
{
	for (let k = 0; k < row.length; k++) {
		const first = row[k];
		let last = first, n = first.more;

		if (!first.more)
			continue;
		while (row[k + 1]?.more && row[k + 1].x - (last.x + last.w) < 1) {
			last = row[++k];
			n = n === UNKNOWN || last.more === UNKNOWN ? UNKNOWN : n + last.more;
		}
		const room = last.x + last.w - first.x - 6;
		const name = moreText(n);

		if (name.length * charWidth <= room)
			text(name, first.x + 3, y, 0.8);
	}
}

function paint(context, top, bottom)
{
	const rect = (x, y, w, h, colour, alpha) => {
		context.globalAlpha = alpha;
		context.fillStyle = colour;
		context.fillRect(x, y - top, w, h);
	};
	const text = (name, x, y, alpha) => {
		context.globalAlpha = alpha;
		context.fillStyle = colours.text;
		context.fillText(name, x, y - top + ROW / 2);
	};

	context.globalAlpha = 1;
	context.fillStyle = colours.page;
	context.fillRect(0, 0, width, bottom - top);
	context.font = FONT;
	context.textBaseline = "middle";
	rows.forEach((row, r) => {
		const y = rowTop(r);

		if (y + ROW < top || y > bottom)
			return;
		for (const box of row)
			paintBox(box, y, rect, text);
		paintMore(row, y, text);
	});
	context.globalAlpha = 1;
}

function draw()
{
	const top = graph.scrollTop;
	const box = boxAt(at);

	pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	paint(pen, top, top + graph.clientHeight);
	if (box) {
		pen.strokeStyle = colours.accent;
		pen.lineWidth = 2;
		pen.strokeRect(box.x + 1, rowTop(at.r) - top + 1, Math.max(box.w - 2, 1), ROW - 3);
	}
}

let waiting = false;

function drawSoon()
{
	if (waiting)
		return;
	waiting = true;
	requestAnimationFrame(() => {
		waiting = false;
		draw();
	});
}

function placeCanvas()
{
	const height = rows.length * ROW;
	const limit = Math.max(8 * ROW, Math.floor(innerHeight * 0.72));

	graph.style.height = Math.min(height, limit) + 2 + "px";

	const view = graph.clientHeight;

	canvas.width = Math.round(width * devicePixelRatio);
	canvas.height = Math.round(view * devicePixelRatio);
	canvas.style.width = width + "px";
	canvas.style.height = view + "px";
	/* The canvas stays in view; the sheet behind it is what scrolls. */
	$("sheet").style.height = height + "px";
	pen.font = FONT;
	charWidth = pen.measureText("MMMMMMMMMM").width / 10;
}

function scrollToRow(r)
{
	const y = rowTop(r);

	if (y < graph.scrollTop || y + ROW > graph.scrollTop + graph.clientHeight)
		graph.scrollTop = y - graph.clientHeight / 2;
}

/* { r, k } of what is at a pixel of the canvas; null where nothing is. */
function placeAt(x, y)
{
	const line = Math.floor((y + graph.scrollTop) / ROW);
	const r = downwards() ? line : rows.length - 1 - line;
	const row = rows[r];

	if (!row || x < 0 || x >= width)
		return null;
	const k = bisect(row, box => box.x <= x) - 1;

	return k >= 0 && x < row[k].x + Math.max(row[k].w, 1) ? { r, k } : null;
}
