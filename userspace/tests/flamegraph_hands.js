// SPDX-License-Identifier: GPL-2.0
/*
 * Hands for those who use the page as a person would.  flamegraph_test appends this
 * and one of the drives to a page.  What a drive finds it adds to the page's end, a line
 * "ok NAME" or "not ok NAME: what there was instead" each, and "done".
 */
"use strict";
const results = document.createElement("pre");

results.id = "results";
document.body.append(results);

function is(name, got, want)
{
	const right = want instanceof RegExp ? want.test(got) : got === want;

	results.append((right ? "ok " : "not ok ") + "flamegraph page: " + name +
		       (right ? "" : ": " + JSON.stringify(got)) + "\n");
}

const byId = id => document.getElementById(id);
const pathText = () => [...byId("path").children].map(li => li.textContent).join(" > ");
const target = byId("canvas");

function mouse(type, x, row)
{
	const box = target.getBoundingClientRect();
	const height = box.height;
	const up = byId("turn").getAttribute("aria-pressed") !== "true" && byId("view").value !== "sandwich";
	const y = up ? height - 18 * row - 9 : 18 * row + 9;

	target.dispatchEvent(new MouseEvent(type, {
		bubbles: true,
		clientX: box.left + x * box.width,
		clientY: box.top + y,
	}));
}

function press(key, where)
{
	where.dispatchEvent(new KeyboardEvent("keydown", {
		key, bubbles: true, cancelable: true,
	}));
}

function type(text)
{
	byId("search").value = text;
	byId("search").dispatchEvent(new Event("input"));
}

function choose(id, value)
{
	byId(id).value = value;
	byId(id).dispatchEvent(new Event("change"));
}

async function until(yes)
{
	while (!yes())
		await new Promise(done => setTimeout(done, 0));
}

/* How many colours are on the canvas. */
function coloursThere()
{
	const pixels = target.getContext("2d").getImageData(0, 0, target.width, target.height).data;

	return new Set(new Uint32Array(pixels.buffer)).size;
}

async function drive(steps)
{
	try {
		await window.started;
		await steps();
		is("no errors", window.errors.join(), "");
	} catch (error) {
		is("no exception", String(error.stack), "");
	}
	results.append("done\n");
	held = false;
}
