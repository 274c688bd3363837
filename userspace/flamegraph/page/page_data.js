// SPDX-License-Identifier: GPL-2.0
"use strict";
/*
 * The profile, as flamegraph_page.c writes it:
 *
 *   title   string; "" where the event's name is the title
 *   about   strings, a line for each recording, the baseline's first
 *   loss    strings, likewise
 *   lossy   whether anything was lost
 *   seconds [of this recording, and of the baseline if there is one]; 0 is unknown
 *   slices  slices of time that the recording is cut into, "slice" seconds each; or 0
 *   frames  [[name, kind, module], ...], kind as in KINDS
 *   events  [{name, unit, samples, before, nodes, times, tree}, ...]
 *
 * "before" is the baseline's samples, and null where nothing is compared; "times" how
 * many slices all nodes have together.  "tree" is
 * base64 of a zlib stream of numbers, 7 bits in each byte and the low ones first;
 * all but the last byte of a number have bit 7.  Nodes come in preorder, node 0 is the
 * root and has frame 0.  The numbers are
 *
 *   of each node   how many levels it is above the place of a first child of the node
 *                  before it
 *   but the root   0 and its index in frames, or k where it is the k-th frame that has
 *                  followed one of its parent's in this way
 *   of each node   its value without its children
 *   and again      that in the baseline, if there is one
 *   where there are slices, of each node with a value of its own
 *                  in how many slices it was hit, and of each how many slices it is
 *                  behind the one before (the first: behind the recording's first),
 *                  and, but of the last, how much of the value is in it
 */
const KINDS = ["kernel", "module", "user", "process", "other"];
const MODULE = 1, PROCESS = 3;

const $ = id => document.getElementById(id);
const profile = JSON.parse($("profile").textContent);
const compares = profile.seconds.length > 1;
const labels = profile.frames.map(([name, kind, module]) =>
	kind === MODULE ? name + " [" + module + "]" : name);

/* Digits in groups of three, whatever the browser's language. */
function number(n)
{
	return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

function percent(part, whole)
{
	return whole ? (100 * part / whole).toFixed(2) + "%" : "0.00%";
}

function plural(n, what)
{
	return number(n) + " " + what + (n === 1 ? "" : "s");
}

function bytesOf(base64)
{
	if (Uint8Array.fromBase64)
		return Uint8Array.fromBase64(base64);
	const text = atob(base64);
	const bytes = new Uint8Array(text.length);

	for (let i = 0; i < bytes.length; i++)
		bytes[i] = text.charCodeAt(i);
	return bytes;
}

async function inflate(bytes)
{
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));

	return new Uint8Array(await new Response(stream).arrayBuffer());
}

function numberReader(bytes)
{
	let at = 0;

	return () => {
		let byte = bytes[at++];

		if (byte < 128)
			return byte;
		let value = byte & 127, scale = 128;

		do {
			byte = bytes[at++];
			value += (byte & 127) * scale;
			scale *= 128;
		} while (byte > 127);
		return value;
	};
}
